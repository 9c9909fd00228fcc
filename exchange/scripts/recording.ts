import { z } from "zod";
import type { Workload } from "../../components/catalog/workloads";
import { UsageFailure } from "../../system/failure";
import { findCmdlet } from "../catalog/cmdlets";
import type { ScriptReading } from "./readScript";

const recordingShape = z.object({
  recordingVersion: z.literal(1),
  calls: z.array(
    z.object({
      workload: z.enum(["exchange", "compliance"]),
      cmdlet: z.string(),
      parameters: z.array(z.string()),
      /** How often it was called. */
      count: z.number(),
    }),
  ),
});

/** The cmdlets of a run, with the names of their parameters and never a value. */
export type Recording = z.infer<typeof recordingShape>;

/** Counts the calls of a run. */
export class CallRecorder {
  private readonly calls = new Map<string, Recording["calls"][number]>();

  /** Notes a request's body, if it is a cmdlet's. */
  note(workload: Workload, body: string): void {
    const input = cmdletIn(body);
    if (input === undefined) {
      return;
    }
    const parameters = Object.keys(input.Parameters ?? {})
      .filter((name) => !name.includes("@"))
      .sort();
    const key = [workload, input.CmdletName, ...parameters].join(" ");
    const call = this.calls.get(key) ?? {
      workload,
      cmdlet: input.CmdletName,
      parameters,
      count: 0,
    };
    call.count += 1;
    this.calls.set(key, call);
  }

  get recording(): Recording {
    return { recordingVersion: 1, calls: [...this.calls.values()] };
  }
}

function cmdletIn(body: string): { CmdletName: string; Parameters?: object } | undefined {
  try {
    const { CmdletInput } = JSON.parse(body) as {
      CmdletInput?: { CmdletName?: unknown; Parameters?: object };
    };
    return typeof CmdletInput?.CmdletName === "string"
      ? {
          CmdletName: CmdletInput.CmdletName,
          ...(CmdletInput.Parameters && { Parameters: CmdletInput.Parameters }),
        }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a recording as the uses of a script. @throws {UsageFailure} If it is none. */
export function readRecording(text: string, file: string): ScriptReading {
  let recording: Recording;
  try {
    recording = recordingShape.parse(JSON.parse(text));
  } catch {
    throw new UsageFailure(
      `${file} is not a recording of version 1. Make one: apponly record -- pwsh SCRIPT`,
    );
  }
  return {
    uses: recording.calls.map(({ workload, cmdlet, parameters }) => ({
      file,
      line: 1,
      cmdlet: findCmdlet(cmdlet)?.name ?? cmdlet,
      workloads: [workload],
      parameters,
      grade: "certain",
    })),
    blindSpots: [],
  };
}
