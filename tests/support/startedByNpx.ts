/** Runs something as in a process that npx has started with a program. */
export function startedByNpx(program: string, run: () => void): void {
  startedByNpm(program, run, "npx");
}

/** The same of a script of a package. */
export function startedByNpm(script: string, run: () => void, event = "start"): void {
  const names = ["npm_lifecycle_event", "npm_lifecycle_script"] as const;
  const before = names.map((name) => process.env[name]);
  Object.assign(process.env, { npm_lifecycle_event: event, npm_lifecycle_script: script });
  try {
    run();
  } finally {
    names.forEach((name, at) => {
      const value = before[at];
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    });
  }
}
