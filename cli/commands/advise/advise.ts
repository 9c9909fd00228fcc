import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { credentialOf, targetOf } from "../../../access/verify/target";
import { clouds } from "../../../components/catalog/clouds";
import type { Workload } from "../../../components/catalog/workloads";
import { readOutputs, type StackOutputs } from "../../../components/outputs";
import {
  type Advice,
  adviseByEstimate,
  adviseFromSnapshot,
  adviseSignedIn,
} from "../../../exchange/advice/advise";
import { readSnapshot, takeSnapshot } from "../../../exchange/advice/snapshot";
import { readRecording } from "../../../exchange/scripts/recording";
import { readScript, type ScriptReading } from "../../../exchange/scripts/readScript";
import { endpointsFor, tokenResourceOf } from "../../../microsoft/endpoints";
import type { ExportedCmdlet } from "../../../microsoft/exchange/adminApi";
import { type AdminSession, adminSession } from "../../../microsoft/exchange/adminSession";
import { acquireToken } from "../../../microsoft/tokens";
import { connectStackDeployer } from "../../../operations/deployer";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { decodedText } from "../../../system/decodedText";
import { writeWhole } from "../../../system/files";
import type { AdviseDocument } from "../../documents/advise";
import type { Io } from "../../io";
import { type OpenedForReading, openForReading } from "../../openForReading";
import { formatOption, type OptionsOf, filePathOption } from "../../options";
import { runStep } from "../../steps";
import { verifyInputOf } from "../../verification";
import { adviceText } from "./adviceText";
import { systemReason } from "../../../system/systemErrors";

const parser = () =>
  new Command()
    .argument("[scripts...]", "PowerShell scripts, or folders with them")
    .addOption(
      new Option(
        "-s, --stack <name>",
        "compare with what the stack's application may run",
      ).conflicts("snapshot"),
    )
    .addOption(
      new Option("--snapshot <file>", "find the least roles by a snapshot of the tenant").argParser(
        filePathOption,
      ),
    )
    .addOption(
      new Option(
        "--take-snapshot <file>",
        "read roles and role groups of the tenant of --stack, and write them; nothing is changed",
      ).argParser(filePathOption),
    )
    .addOption(
      new Option(
        "--recording <file>",
        "what `apponly record` wrote, beside or instead of scripts",
      ).argParser(filePathOption),
    )
    .option("--check", "exit with 3 where a script needs more than the stack's application has")
    .addOption(formatOption());

type AdviseOptions = OptionsOf<typeof parser>;

/** Makes `apponly advise`. */
export const adviseCommand = (io: Io, open = openForReading) =>
  parser().action((scripts, options) => advise(scripts, options, io, open));

/** Reads scripts and says what they need. Nothing of them is run, and nothing is changed. */
async function advise(
  scripts: readonly string[],
  options: AdviseOptions,
  io: Io,
  open: typeof openForReading,
): Promise<void> {
  const { takeSnapshot: snapshotFile } = options;
  if (snapshotFile !== undefined) {
    const opened = await open(options.stack, io.progress);
    return writeSnapshot(snapshotFile, opened, options.format, io);
  }
  if (scripts.length === 0 && options.recording === undefined) {
    throw new UsageFailure(
      "There is no script. Name scripts or folders with them: apponly advise scripts/",
    );
  }
  if (options.check === true && options.stack === undefined) {
    throw new UsageFailure(
      "--check compares with the application of a stack. Name it: --stack NAME.",
    );
  }
  const reading = joinReadings([
    ...(await Promise.all(scriptsIn(scripts).map(readFileOf))),
    ...(options.recording === undefined
      ? []
      : [readRecording(await scriptText(options.recording), options.recording)]),
  ]);
  const advice = await adviceFor(reading, options, io, open);
  if (options.format === "json") {
    const document: AdviseDocument = { version: 1, blindSpots: reading.blindSpots, ...advice };
    await io.document(document);
  } else {
    await io.out(adviceText(advice, reading));
  }
  if (options.check === true && advice.grade === "signed-in" && advice.failing.length > 0) {
    throw new Failure(
      `${advice.failing.length === 1 ? "A cmdlet" : `${advice.failing.length} cmdlets`} of these scripts would fail with what the stack ${options.stack} grants.`,
      exitCodes.gate,
    );
  }
}

async function adviceFor(
  reading: ScriptReading,
  options: AdviseOptions,
  io: Io,
  open: typeof openForReading,
): Promise<Advice> {
  if (options.snapshot !== undefined) {
    return adviseFromSnapshot(
      reading,
      readSnapshot(await scriptText(options.snapshot), options.snapshot),
    );
  }
  if (options.stack === undefined) {
    return adviseByEstimate(reading);
  }
  const { stack, outputs } = await open(options.stack, io.progress);
  const exported = await runStep(io.progress, "Sign in as the application", () =>
    exportedTo(readOutputs(outputs, stack.name)),
  );
  return adviseSignedIn(reading, exported);
}

/** What the application's own tokens may run, by workload. */
async function exportedTo(
  outputs: StackOutputs,
): Promise<Partial<Record<Workload, readonly ExportedCmdlet[]>>> {
  const cloud = clouds[outputs.cloud];
  const input = verifyInputOf(outputs, endpointsFor(cloud, process.env));
  const generation = input.generations.find(({ active }) => active) ?? input.generations[0]!;
  const exported: Partial<Record<Workload, readonly ExportedCmdlet[]>> = {};
  for (const workload of input.workloads) {
    const session = adminSession({
      ...targetOf(input, generation),
      workload,
      token: async () => {
        const credential = await credentialOf(generation);
        const resource = tokenResourceOf(cloud, workload);
        const { endpoints, tenantId, applicationId: clientId } = input;
        return acquireToken({ endpoints, tenantId, clientId, credential, resource });
      },
    });
    exported[workload] = await session.exported();
  }
  return exported;
}

async function writeSnapshot(
  file: string,
  { stack, outputs: values }: OpenedForReading,
  format: AdviseOptions["format"],
  io: Io,
): Promise<void> {
  const outputs = readOutputs(values, stack.name);
  const cloud = clouds[outputs.cloud];
  const deployer = await connectStackDeployer(stack);
  const sessions = outputs.workloads.map((workload): AdminSession =>
    adminSession({
      endpoints: endpointsFor(cloud, process.env),
      workload,
      tenantId: outputs.tenantId,
      organization: outputs.organization,
      token: (fresh) => deployer.tokenFor(tokenResourceOf(cloud, workload), fresh),
    }),
  );
  const snapshot = await runStep(io.progress, "Read roles and role groups", () =>
    takeSnapshot(sessions, outputs.tenantId, new Date()),
  );
  await writeWhole(file, `${JSON.stringify(snapshot, null, 2)}\n`);
  const [roles, roleGroups] = [snapshot.roles.length, snapshot.roleGroups.length];
  if (format === "json") {
    const document: AdviseDocument = { version: 1, snapshot: file, roles, roleGroups };
    await io.document(document);
  } else {
    await io.out(`${file} holds ${roles} roles and ${roleGroups} role groups.\n`);
  }
}

/** Every script among files and folders. */
function scriptsIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      throw new UsageFailure(`${path} is not there. Name scripts or folders with them.`);
    }
    if (!stats.isDirectory()) {
      return [path];
    }
    const found = readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => [".ps1", ".psm1"].includes(extname(name).toLowerCase()))
      .filter((name) => !/(^|[\\/])(node_modules|\.git)[\\/]/.test(name))
      .sort()
      .map((name) => join(path, name));
    if (found.length === 0) {
      throw new UsageFailure(`${path} holds no .ps1 and no .psm1.`);
    }
    return found;
  });
}

async function readFileOf(file: string): Promise<ScriptReading> {
  return readScript(file, await scriptText(file));
}

async function scriptText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UsageFailure(`${file} cannot be read: it ${systemReason(error, "read")}.`);
  });
  return decodedText(bytes);
}

function joinReadings(readings: readonly ScriptReading[]): ScriptReading {
  return {
    uses: readings.flatMap(({ uses }) => uses),
    blindSpots: readings.flatMap(({ blindSpots }) => blindSpots),
  };
}
