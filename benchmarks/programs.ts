import type { PulumiFn } from "@pulumi/pulumi/automation";
import type * as Index from "../index";
import type * as Flat from "./flatProgram";

/** The programs that are compared. */
export const programNames = ["component", "flat"] as const;

/** One of {@link programNames}. */
export type ProgramName = (typeof programNames)[number];

/**
 * Loads only one program, so that the other's modules do not count.
 *
 * @param environment The engine's, with the deployer's settings: without them the component asks the
 *   tenant less than it does for a person.
 */
export function loadProgram(
  name: ProgramName,
  environment: Readonly<Record<string, string>> = {},
): PulumiFn {
  /* oxlint-disable typescript/no-require-imports */
  return name === "component"
    ? () => (require("../index") as typeof Index).program({ ...process.env, ...environment })
    : (require("./flatProgram") as typeof Flat).flatProgram;
}
