/** Runs something as in a process that npx has started with a program. */
export function startedByNpx(program: string, run: () => void): void {
  const names = ["npm_lifecycle_event", "npm_lifecycle_script"] as const;
  const before = names.map((name) => process.env[name]);
  Object.assign(process.env, { npm_lifecycle_event: "npx", npm_lifecycle_script: program });
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
