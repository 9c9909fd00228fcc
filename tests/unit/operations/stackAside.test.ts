/** Where a stack is asked for that its backend does not have; what the CLI makes of it, a journey shows. */
import {
  type PulumiCommand,
  StackAlreadyExistsError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation";
import { beginStack } from "../../../operations/stackAside";
import type { RunCli } from "../../../toolchain/pulumiCommand";

/** A CLI with a backend, and one for each folder aside; tells where what was run. */
function fakeCli(inBackend: readonly string[] = []) {
  const ran: string[] = [];
  const stacks = new Set(inBackend);
  const run: RunCli = (args, _, { PULUMI_BACKEND_URL: url = "backend", PASSPHRASE = "" }) => {
    ran.push(`${url}${PASSPHRASE}: ${args.join(" ")}`);
    const name = `${url} ${args.at(args.includes("--stack") ? args.indexOf("--stack") + 1 : 2)}`;
    if (args[1] === "init") {
      const isThere = stacks.has(name);
      stacks.add(name);
      return isThere ? failWith(StackAlreadyExistsError) : Promise.resolve(printed);
    }
    return stacks.has(name) ? Promise.resolve(printed) : failWith(StackNotFoundError);
  };
  return { ran, stacks, cli: { run } as unknown as PulumiCommand };
}
const printed = { stdout: "", stderr: "" };
const failWith = (kind: { readonly prototype: Error }) =>
  Promise.reject<typeof printed>(Object.create(kind.prototype) as Error);

function begun(inBackend: readonly string[] = [], hasAside = true) {
  const { ran, stacks, cli } = fakeCli(inBackend);
  const created = jest.fn(() => Promise.resolve());
  const beginning = beginStack(
    cli,
    async () => void (await run("stack", "init", "org/app/dev")),
    hasAside
      ? {
          environment: { PULUMI_BACKEND_URL: "file:///aside", PASSPHRASE: "(own)" },
          created,
        }
      : undefined,
  );
  const run = (...args: string[]) =>
    (beginning.pulumi as unknown as { run: RunCli }).run(args, "/", {});
  return { ...beginning, ran, stacks, run, created };
}

test("a stack that the backend lacks is previewed aside, and is in the backend once it is created", async () => {
  const { run, create, isMissing, ran, created } = begun();
  expect(isMissing()).toBe(false);
  await run("preview", "--stack", "org/app/dev");
  expect(isMissing()).toBe(true);
  await run("config", "--stack", "org/app/dev", "--json");
  expect(created).not.toHaveBeenCalled();
  await create();
  await create();
  await run("up", "--stack", "org/app/dev");
  expect(ran).toEqual([
    "backend: preview --stack org/app/dev",
    "file:///aside(own): stack init dev",
    "file:///aside(own): preview --stack dev",
    "file:///aside(own): config --stack dev --json",
    "backend: stack init org/app/dev",
    "backend: up --stack org/app/dev",
  ]);
  expect([created.mock.calls.length, isMissing()]).toEqual([1, false]);
});

test("a stack that the backend has is never asked for elsewhere", async () => {
  const { run, create, ran, created } = begun(["backend org/app/dev"]);
  await run("preview", "--stack", "org/app/dev");
  await create();
  expect(ran).toEqual(["backend: preview --stack org/app/dev"]);
  expect(created).not.toHaveBeenCalled();
});

test("a stack that somebody else has created since it was shown is not changed", async () => {
  const { run, create, stacks, created } = begun();
  await run("preview", "--stack", "org/app/dev");
  stacks.add("backend org/app/dev");
  await expect(create()).rejects.toThrow("Nothing was changed: run the same command again.");
  expect(created).not.toHaveBeenCalled();
});

test("without a place aside it is created at once, and what fails later is not taken for that", async () => {
  const { run, ran, stacks } = begun([], false);
  await run("preview", "--stack", "org/app/dev");
  stacks.clear();
  await expect(run("up", "--stack", "org/app/dev")).rejects.toBeInstanceOf(StackNotFoundError);
  expect(ran.slice(1, 3)).toEqual([
    "backend: stack init org/app/dev",
    "backend: preview --stack org/app/dev",
  ]);
});
