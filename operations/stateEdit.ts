import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { listOf, type Properties, propertiesOf, textOf, textsOf } from "../policy/rules/values";
import type { RunCli } from "../toolchain/pulumiCommand";

/** A resource of a stack's state, or one that has yet to become one. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Properties;
  /** Absent where the state does not have it yet. */
  readonly id?: string;
  readonly parent?: string;
  /** The provider's URN and id, as the engine writes them. */
  readonly provider?: string;
  /** It was made, and the operation that made it failed after that. */
  readonly isUnfinished?: true;
}

/** An object of the tenant that becomes a resource of the state. */
export type AdoptedResource = StateResource & {
  readonly id: string;
  /** Everything the tenant has of it, where that is known; otherwise a refresh reads it. */
  readonly outputs?: Properties;
  /** Whether it takes the place of one that is then to be deleted. */
  readonly replaces?: boolean;
};

/** What is changed about a state. */
export interface StateEdit {
  /** Resources that leave the state, with their id: a replaced one shares its URN. */
  readonly drop: readonly StateResource[];
  readonly adopt: readonly AdoptedResource[];
}

/**
 * The state of a stack as the backend has it, secrets encrypted. It is read and written without
 * being decrypted, so that no key is in a file or a message on the way.
 *
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
 */
export async function readState(stack: Stack): Promise<Properties> {
  return propertiesOf(JSON.parse(await runStateCommand(stack, ["stack", "export"])));
}

/**
 * A text that the backend encrypts once it is written.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
 */
export function secretText(text: string): Properties {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(text),
  };
}

/** Whether a property of a resource is masked, so that it cannot be written back. */
export function isMasked({ inputs }: StateResource): boolean {
  return JSON.stringify(inputs).includes('"[secret]"');
}

/** Puts a state in the place of the stack's. */
export async function writeState(stack: Stack, state: Properties): Promise<void> {
  await runStateCommand(stack, ["stack", "import"], JSON.stringify(state));
}

/**
 * A state without what is dropped, with what is adopted, and without the operations that an
 * interrupted update has left open. Pure.
 */
export function editState(state: Properties, { drop, adopt }: StateEdit): Properties {
  const deployment = propertiesOf(state.deployment);
  const { pending_operations: _open, ...rest } = deployment;
  const kept = listOf(deployment.resources)
    .map(propertiesOf)
    .filter(({ urn, id }) => !drop.some((one) => one.urn === urn && one.id === id))
    .map((one) =>
      adopt.some(({ urn, replaces }) => replaces === true && urn === one.urn)
        ? { ...one, delete: true }
        : one,
    );
  const urns = new Set([...kept.map(({ urn }) => textOf(urn)), ...adopt.map(({ urn }) => urn)]);
  const isThere = (urn: string) => urns.has(urn);
  return {
    ...state,
    deployment: {
      ...rest,
      resources: [
        ...kept.map((one) => withoutMissing(one, isThere)),
        ...adopt.map(({ urn, type, id, inputs, outputs, parent, provider }) => ({
          urn,
          custom: true,
          type,
          id,
          inputs,
          outputs: { ...inputs, ...outputs, id },
          ...(parent === undefined ? {} : { parent }),
          ...(provider === undefined ? {} : { provider }),
        })),
      ],
    },
  };
}

/** The engine refuses a state in which something depends on what is not there. */
function withoutMissing(resource: Properties, isThere: (urn: string) => boolean): Properties {
  const withoutGone = (urns: unknown) => textsOf(urns).filter(isThere);
  const { deletedWith, ...rest } = resource;
  return {
    ...rest,
    ...(typeof deletedWith === "string" && isThere(deletedWith) ? { deletedWith } : {}),
    ...(rest.dependencies === undefined ? {} : { dependencies: withoutGone(rest.dependencies) }),
    ...(rest.propertyDependencies === undefined
      ? {}
      : {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertiesOf(rest.propertyDependencies)).map(([key, urns]) => [
              key,
              withoutGone(urns),
            ]),
          ),
        }),
  };
}

/** Resources of a state, replaced ones that are yet to be deleted among them. */
export function resourcesOfState(state: Properties): StateResource[] {
  return listOf(propertiesOf(state.deployment).resources).flatMap((one) =>
    stateResource(propertiesOf(one)),
  );
}

/** Resources that an update has left, which told of every one, also of those that it did not change. */
export function resourcesAfter(
  events: readonly EngineEvent[],
): Pick<StateResource, "urn" | "type">[] {
  const types = new Map<string, string>();
  for (const { resourcePreEvent } of events) {
    const { op, urn, type } = resourcePreEvent?.metadata ?? {};
    if (op === "delete") {
      types.delete(urn ?? "");
    } else if (urn !== undefined && type !== undefined) {
      types.set(urn, type);
    }
  }
  return [...types].map(([urn, type]) => ({ urn, type }));
}

/** What an interrupted update was creating. */
export function pendingCreates(state: Properties): StateResource[] {
  return listOf(propertiesOf(state.deployment).pending_operations)
    .map(propertiesOf)
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }) => stateResource(propertiesOf(resource)));
}

/** Whether an interrupted update has left operations open. */
export function hasPending(state: Properties): boolean {
  return listOf(propertiesOf(state.deployment).pending_operations).length > 0;
}

/** A resource as the engine writes it in states and events. */
export function stateResource(one: Properties): StateResource[] {
  const [urn, type, id] = [textOf(one.urn), textOf(one.type), textOf(one.id)];
  const [parent, provider] = [textOf(one.parent), textOf(one.provider)];
  if (urn === undefined || type === undefined) {
    return [];
  }
  return [
    {
      urn,
      type,
      inputs: propertiesOf(one.inputs),
      ...(id ? { id } : {}),
      ...(parent ? { parent } : {}),
      ...(provider ? { provider } : {}),
      ...(listOf(one.initErrors).length > 0 ? { isUnfinished: true } : {}),
    },
  ];
}

async function runStateCommand(
  stack: Stack,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const { workDir, envVars, pulumiCommand } = stack.workspace as unknown as CliWorkspace;
  const all = [...args, "--stack", stack.name];
  const none = undefined;
  const { stdout } = await pulumiCommand.run(all, workDir, envVars, none, none, none, input);
  return stdout;
}

/** What the SDK's workspace knows of the CLI. */
export interface CliWorkspace {
  readonly workDir: string;
  readonly envVars: Readonly<Record<string, string>>;
  readonly pulumiCommand: { readonly command: string; readonly run: RunCli };
}
