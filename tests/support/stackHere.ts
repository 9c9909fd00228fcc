import type { PulumiFn } from "@pulumi/pulumi/automation";
import { program as ownProgram } from "../../index";
import { type ChangeableStack, openStack, type StackTarget } from "../../operations/openStack";
import {
  destroyStack,
  type OperationResult,
  outputValues,
  previewStack,
  updateStack,
} from "../../operations/stack";
import type { PulumiCli } from "../../toolchain/pulumiCli";
import { pulumiCommandOf } from "../../toolchain/pulumiCommand";

/** A stack of a journey as {@link openStackHere} opens it. */
export interface StackHere extends Omit<StackTarget, "program" | "pulumi"> {
  /** @default this project's own */
  readonly program: PulumiFn | undefined;
  readonly cli: PulumiCli;
}

/** Opens a stack for operations of this process. */
export function openStackHere({ program, cli, ...target }: StackHere): Promise<ChangeableStack> {
  return openStack({
    ...target,
    // As where a person runs it: the program finds the same settings as the plugins.
    program: program ?? (() => ownProgram({ ...process.env, ...target.environment })),
    pulumi: pulumiCommandOf(cli),
  });
}

type OnNote = (sentence: string) => void;

/** What a journey does with an open stack. */
export const operateHere = {
  preview: (stack: ChangeableStack, onNote?: OnNote): Promise<OperationResult> =>
    previewStack(stack, { ...(onNote && { onNote }) }),
  up: (stack: ChangeableStack, onNote?: OnNote): Promise<OperationResult> =>
    updateStack(stack, { ...(onNote && { onNote }) }),
  destroy: (stack: ChangeableStack, onNote?: OnNote): Promise<OperationResult> =>
    destroyStack(stack, { ...(onNote && { onNote }) }),
  outputs: async (stack: ChangeableStack) => outputValues(await stack.outputs()),
};
