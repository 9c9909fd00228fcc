import { type LockHolder, holderState } from "../system/processLock";

/**
 * What Pulumi says of a stack that is locked, with whether the process that holds it still runs:
 * its own advice, to unlock, is dangerous where it does.
 *
 * @returns Nothing where the text is about something else.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_cancel/
 */
export function explainLock(text: string): string | undefined {
  if (!text.includes("the stack is currently locked by")) {
    return undefined;
  }
  // Backends write options into the address of the lock's file.
  const locks = [
    ...text.matchAll(
      /locks\/(\S{1,500})\/[^/\s]{1,100}\.json(?:\?\S{0,500})?: created by [^\n]{0,200}@(\S{1,255}) \(pid (\d{1,10})\)/g,
    ),
  ].map(([, place = "", host = "", pid]) => ({
    stack: place.split("/").pop() ?? "",
    holder: { pid: Number(pid), host },
  }));
  const [first] = locks;
  if (first === undefined) {
    return undefined;
  }
  const unlock = `\`pulumi cancel --stack ${first.stack} --yes\``;
  const describe = ({ pid, host }: LockHolder) => `process ${pid} on ${host}`;
  // The CLI and the SDK tell the same lock twice.
  const holders = [...new Map(locks.map(({ holder }) => [describe(holder), holder])).values()];
  const running = holders.filter((one) => holderState(one) === "running");
  if (running.length > 0) {
    return `The stack ${first.stack} is locked by ${running.map(describe).join(" and ")}, which is running. Wait until it has ended, and run the same command again.`;
  }
  const elsewhere = holders.filter((one) => holderState(one) === "elsewhere");
  if (elsewhere.length > 0) {
    return `The stack ${first.stack} is locked by ${elsewhere.map(describe).join(" and ")}. Whether it is still running can only be seen there. Look there, and only if it is gone unlock the stack with ${unlock} and run the same command again.`;
  }
  return `The stack ${first.stack} is locked by ${holders.map(describe).join(" and ")}, which is gone: it was ended in the middle of an operation. Unlock the stack with ${unlock} and run the same command again; it goes on from there.`;
}
