import { spawnSync } from "node:child_process";

/** The processes that a process has started, and those that they have started, at any depth. */
export function descendantsOf(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const parent of family) {
    family.push(...rows.flatMap(([child, of]) => (of === parent && child ? [child] : [])));
  }
  return family.slice(1);
}

/** Whether a process is there, and not only waiting for somebody to ask how it ended. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}
