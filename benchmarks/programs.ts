import type { PulumiFn } from "@pulumi/pulumi/automation";
import type * as Index from "../index";
import type * as Flat from "./flatProgram";

/** The programs that are compared. */
export const programNames = ["component", "flat"] as const;

/** One of {@link programNames}. */
export type ProgramName = (typeof programNames)[number];

/** Loads only one program, so that the other's modules do not count. */
export function loadProgram(name: ProgramName): PulumiFn {
  /* oxlint-disable typescript/no-require-imports */
  return name === "component"
    ? (require("../index") as typeof Index).program
    : (require("./flatProgram") as typeof Flat).flatProgram;
}
