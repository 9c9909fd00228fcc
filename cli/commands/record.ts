import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Command, Option } from "@commander-js/extra-typings";
import { clouds, cloudNames } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { CallRecorder } from "../../exchange/scripts/recording";
import { serverOf } from "../../microsoft/exchange/adminApi";
import { endpointsFor } from "../../microsoft/endpoints";
import { type HttpRequest, send } from "../../microsoft/http";
import { Failure, UsageFailure } from "../../system/failure";
import { writeWhole } from "../../system/files";
import type { RecordedDocument } from "../documents/recorded";
import type { Io } from "../io";
import { type OptionsOf, filePathOption } from "../options";

const parser = () =>
  new Command()
    .argument("[command...]", "the run to record, after --: pwsh ./script.ps1")
    .addOption(
      new Option("-o, --output <file>", "where the recording goes")
        .argParser(filePathOption)
        .default("recording.json"),
    )
    .addOption(
      new Option("--cloud <cloud>", "Microsoft cloud that is asked")
        .choices(cloudNames)
        .default("global" as const),
    )
    .addHelpText(
      "after",
      "\nThe run finds the address to connect to in APPONLY_RECORD_EXCHANGE\nand APPONLY_RECORD_COMPLIANCE:\n  Connect-ExchangeOnline -ConnectionUri $env:APPONLY_RECORD_EXCHANGE …",
    );

/** Makes `apponly record`. */
export const recordCommand = (io: Io) =>
  parser().action((command, options) => record(command, options, io));

/** Headers that concern one connection, or that the next one makes anew. */
const ownHeaders = [
  "connection",
  "content-length",
  "host",
  "transfer-encoding",
  "accept-encoding",
  "keep-alive",
];

/**
 * Runs a command with an address on this machine between it and the admin API, and writes which
 * cmdlets with which parameters went through. Values and tokens are passed on and not kept.
 */
async function record(
  [program, ...args]: readonly string[],
  { output, cloud }: OptionsOf<typeof parser>,
  io: Io,
): Promise<void> {
  if (program === undefined) {
    throw new UsageFailure(
      "There is no command. Name it after --: apponly record -- pwsh ./script.ps1",
    );
  }
  const recorder = new CallRecorder();
  const { workloads } = endpointsFor(clouds[cloud], process.env);
  const exchange = await passOn(workloads.exchange, "exchange", recorder);
  const compliance = await passOn(workloads.compliance, "compliance", recorder);
  try {
    const code = await runRecorded(program, args, {
      APPONLY_RECORD_EXCHANGE: exchange.address,
      APPONLY_RECORD_COMPLIANCE: compliance.address,
    });
    const { recording } = recorder;
    await writeWhole(output, `${JSON.stringify(recording, null, 2)}\n`);
    await io.out(`${output} holds ${recording.calls.length} different calls.\n`);
    const answer: RecordedDocument = {
      version: 1,
      output,
      calls: recording.calls.length,
      programExitCode: code,
    };
    await io.answer(answer);
    if (code !== 0) {
      throw new Failure(`${program} ended with ${code}.`);
    }
    if (recording.calls.length === 0) {
      throw new Failure(
        "No cmdlet went through. Connect to $env:APPONLY_RECORD_EXCHANGE with -ConnectionUri.",
      );
    }
  } finally {
    exchange.server.close();
    compliance.server.close();
  }
}

function runRecorded(
  program: string,
  args: readonly string[],
  added: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // What the run prints is shown, and is not the result of this command.
      stdio: ["inherit", 2, "inherit"],
      env: { ...process.env, ...added },
    });
    child.once("error", (error) => {
      reject(new UsageFailure(`${program} cannot be started: ${error.message}.`));
    });
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

/**
 * Listens on loopback and passes everything on to one service, and to no other. Where the service
 * names the server that holds the tenant, what follows goes there, by this address still.
 */
async function passOn(
  target: string,
  workload: Workload,
  recorder: CallRecorder,
): Promise<{ readonly server: Server; readonly address: string }> {
  let base = target;
  const server = createServer((request, response) => {
    void answerOf(request, base, workload, recorder).then(
      ({ status, headers: { location, ...headers }, body }) => {
        const moved = location === undefined ? undefined : new URL(location, base);
        if (moved === undefined) {
          response.writeHead(status, headers).end(body);
          return;
        }
        base = serverOf(moved, new URL(target));
        const [path = "/"] = /\/adminapi\/.*$/i.exec(moved.pathname + moved.search) ?? [];
        response.writeHead(status, { ...headers, location: `${address}${path}` }).end(body);
      },
      (error: unknown) => {
        response.writeHead(502).end((error as Error).message);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  return { server, address };
}

async function answerOf(
  request: IncomingMessage,
  target: string,
  workload: Workload,
  recorder: CallRecorder,
) {
  const body = await text(request);
  recorder.note(workload, body);
  const answer = await send(`${target}${request.url ?? "/"}`, {
    method: (request.method ?? "GET") as HttpRequest["method"],
    headers: headersToKeep(request.headers),
    body: body === "" ? undefined : body,
    timeoutMs: 300_000,
  });
  return { ...answer, headers: headersToKeep(answer.headers) };
}

function headersToKeep(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !ownHeaders.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
