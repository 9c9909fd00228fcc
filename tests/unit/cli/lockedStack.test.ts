/** What is said of a locked stack depends on whether its process still runs. */
import { hostname } from "node:os";
import { failureOf } from "../../../cli/errors";

const said = (host: string, pid: number, options = "") =>
  failureOf(
    new Error(`code: -2
 stdout:
 stderr: Command failed with exit code 1: pulumi up
error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/apponly/prod/6d1c.json${options}: created by me@${host} (pid ${pid}) at 2026-11-25T10:00:00Z
 err?: Error: Command failed with exit code 1: /cache/pulumi`),
  ).message;

test("a process that is running is waited for", () => {
  expect(said(hostname(), process.pid)).toBe(
    `The stack prod is locked by process ${process.pid} on ${hostname()}, which is running. Wait until it has ended, and run the same command again.`,
  );
});

test("a process that is gone has its stack unlocked", () => {
  expect(said(hostname(), 2 ** 22 + 1)).toMatch(
    /which is gone.*`pulumi cancel --stack prod --yes` and run the same command again/,
  );
});

test("of a process on another machine it is not said that it is gone", () => {
  const text = said("build-7", 1);
  expect(text).toContain(
    "process 1 on build-7. Whether it is still running can only be seen there.",
  );
  expect(text).not.toContain("which is gone");
});

test.each(["?no_tmp_dir=true", "?storage_account=state&sv=2024-11-04"])(
  "options of the backend, such as %s, do not hide whose the lock is",
  (options) => {
    expect(said("build-7", 1, options)).toMatch(
      /^The stack prod is locked by process 1 on build-7\./,
    );
  },
);

test("a lock that is told twice has one holder", () => {
  const line = "  file:///s/.pulumi/locks/o/p/prod/1.json: created by me@build-7 (pid 1) at now";
  const text = `error: the stack is currently locked by 1 lock(s).\n${line}\n${line}`;
  expect(failureOf(new Error(text)).message).toMatch(/locked by process 1 on build-7\. Whether/);
});
