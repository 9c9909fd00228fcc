import { ChildProcess } from "node:child_process";
import { createDecipheriv } from "node:crypto";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Workspace } from "@pulumi/pulumi/automation";
import type { CliWorkspace } from "../../operations/stateEdit";
import type { RunCli } from "../../toolchain/pulumiCommand";
import { dataKeyOf } from "./vaultTransit";

/** A workspace whose CLI is not started for `stack export`. */
export function withStateAtHand(workspace: Workspace, state: () => object): Workspace {
  const { pulumiCommand } = workspace as unknown as CliWorkspace;
  const run: RunCli = async (...given) => {
    const [[area, action] = []] = given;
    return area === "stack" && action === "export"
      ? { stdout: JSON.stringify(state()), stderr: "" }
      : pulumiCommand.run(...given);
  };
  const command = Object.assign(Object.create(pulumiCommand) as object, { run });
  return Object.create(workspace, { pulumiCommand: { value: command } }) as Workspace;
}

/** A stack's state in a file, as far as it is read here. */
interface StateFile {
  readonly version: number;
  readonly checkpoint: {
    readonly latest?: {
      readonly secrets_providers?: {
        readonly type?: string;
        readonly state?: { readonly encryptedkey?: string };
      };
      readonly resources?: readonly { readonly type: string; readonly outputs?: object }[];
    };
  };
}

/** The key under which Pulumi marks a value that is not plain, and the mark of a secret. */
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** What is encrypted in a secret: Pulumi's `v1:NONCE:TEXT`, AES-256 in GCM with a tag of 16 bytes. */
function decrypt(ciphertext: string, key: Buffer): string {
  const [, nonce = "", text = ""] = ciphertext.split(":");
  const bytes = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
}

/** A value of a state, each secret in it put in plain by `shown`. */
function withSecrets(value: unknown, shown: (ciphertext: string) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withSecrets(item, shown));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const { [mark]: marked, ciphertext } = value as Readonly<Record<string, unknown>>;
  return marked === secretMark && typeof ciphertext === "string"
    ? shown(ciphertext)
    : Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, withSecrets(item, shown)]),
      );
}

/**
 * What the CLI prints for a command that reads a state in files: `stack export`, and with
 * `--show-secrets` also `stack output --json`, where the journeys' Vault has the stack's key. The CLI
 * takes for it half as long as for an update.
 *
 * @param words The command's, without the program.
 * @param backend Its address, `file://…`.
 * @returns Nothing for every other command, and where there is not exactly one stack of this name.
 */
export function readingAtHand(words: readonly string[], backend: string): string | undefined {
  const [area, action] = words;
  const inPlain = words.includes("--show-secrets");
  const isOutput = action === "output" && inPlain && words.includes("--json");
  if (area !== "stack" || !(action === "export" || isOutput) || !backend.startsWith("file:///")) {
    return undefined;
  }
  const name = words[words.indexOf("--stack") + 1] ?? "";
  const [file, ...others] = globSync(
    join(fileURLToPath(backend), ".pulumi/stacks/*", `${name}.json`),
  );
  if (file === undefined || others.length > 0) {
    return undefined;
  }
  const { checkpoint, ...rest } = JSON.parse(readFileSync(file, "utf8")) as StateFile;
  const deployment = checkpoint.latest;
  if (!inPlain) {
    return JSON.stringify({ ...rest, deployment });
  }
  const provider = deployment?.secrets_providers;
  const key = dataKeyOf(provider?.state?.encryptedkey);
  if (key === undefined) {
    return undefined;
  }
  if (!isOutput) {
    const shown = withSecrets(deployment, (ciphertext) => ({
      [mark]: secretMark,
      plaintext: decrypt(ciphertext, key),
    }));
    return JSON.stringify({ ...rest, deployment: shown });
  }
  const root = deployment?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return JSON.stringify(
    withSecrets(root?.outputs ?? {}, (ciphertext) => JSON.parse(decrypt(ciphertext, key))),
  );
}

/** What a process is started with. */
interface Spawned {
  readonly file: string;
  readonly args?: readonly string[];
  readonly envPairs?: readonly string[];
}

const isInstalled = Symbol.for("apponly.readingsAtHand");
const starts = ChildProcess.prototype as unknown as {
  spawn: (this: ChildProcess, options: Spawned) => unknown;
  [isInstalled]?: true;
};
let answers = 0;

/**
 * From here on, this process does not start the engine's CLI for what {@link readingAtHand} answers.
 *
 * @param onStart Told what the CLI would be started for, answered or not, for example `stack export`.
 */
export function readStatesAtHand(onStart: (command: string) => void = () => undefined): void {
  if (starts[isInstalled] === true) {
    return;
  }
  starts[isInstalled] = true;
  const { spawn } = starts;
  starts.spawn = function (options) {
    if (!/^pulumi(\.exe)?$/.test(basename(options.file))) {
      return spawn.call(this, options);
    }
    const words = options.args?.slice(1) ?? [];
    const option = words.findIndex((word) => word.startsWith("-"));
    onStart(words.slice(0, option === -1 ? undefined : option).join(" "));
    const variable = "PULUMI_BACKEND_URL=";
    const backend = options.envPairs?.findLast((pair) => pair.startsWith(variable)) ?? "";
    const answer = readingAtHand(words, backend.slice(variable.length));
    if (answer === undefined) {
      return spawn.call(this, options);
    }
    const file = join(tmpdir(), `apponly-state-${process.pid}-${++answers}.json`);
    writeFileSync(file, answer, { mode: 0o600 });
    this.once("close", () => rmSync(file, { force: true }));
    // Under the name of the CLI, for whoever asks what was started.
    return spawn.call(this, { ...options, file: "cat", args: [options.file, file] });
  };
}
