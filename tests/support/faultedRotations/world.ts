import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ConfigMap, OutputMap, Stack, UpdateSummary } from "@pulumi/pulumi/automation";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { types } from "../../../policy/rules/types";
import { openApplicationKeys } from "../../../operations/applicationKeys";
import { proveSignIn } from "../../../access/verify/verify";
import { readOutputs } from "../../../components/outputs";
import { verifyInputOf } from "../../../cli/verification";
import { program } from "../../../index";
import { rotate, type RotateOptions } from "../../../operations/rotate";
import type { Phase } from "../../../operations/rotation";
import { type ChangeableStack, openStack } from "../../../operations/openStack";
import { outputValues, updateStack } from "../../../operations/stack";
import type { JsonObject } from "../../../simulator/json";
import type { TenantSnapshot } from "../../../simulator/snapshot";
import { pulumiCommandOf } from "../../../toolchain/pulumiCommand";
import { exampleConfiguration, type Journey, startJourney } from "../journey";
import { withStateAtHand } from "../stateAtHand";

/** Where one run is interrupted, or looked at. */
export interface RunHooks {
  readonly onPhase?: (phase: Phase) => void;
}

/** A tenant with one stack that can be rotated, and put back to where it was, many times over. */
export interface World {
  readonly journey: Journey;
  /** Folder of the stack's settings. */
  readonly workDirectory: string;
  /** Rotates without an overlap, as `apponly rotate --now` does. */
  rotate(hooks?: RunHooks): Promise<Phase[]>;
  /** Updates as `pulumi up` does. */
  update(): Promise<void>;
  /** Keeps tenant, state and settings. Answers the function that puts them back. */
  checkpoint(): () => void;
  /** Thumbprint of the certificate that a reader of the stack's outputs receives at this moment. */
  receivedNow(): string | undefined;
  /** The same as of the last update that was completed. */
  receivedLast(): string | undefined;
  /** Certificates on the application that are valid now. */
  validThumbprints(state?: TenantSnapshot): string[];
  /** Consents and directory roles of the application, by their ids. */
  grants(state?: TenantSnapshot): string[];
  /** Tenant, state and settings as a text that is the same wherever a rotation is in the same place. */
  fingerprint(): string;
  close(): Promise<void>;
}

interface CertificateInState {
  readonly name: string;
  readonly active: boolean;
  readonly thumbprint: string;
}

interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: {
      readonly resources?: readonly {
        readonly urn: string;
        readonly type: string;
        readonly id?: string;
        readonly outputs?: { readonly certificates?: readonly CertificateInState[] };
      }[];
      readonly pending_operations?: readonly unknown[];
    };
  };
}

interface KeyCredential {
  readonly customKeyIdentifier: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

/**
 * Makes a tenant with the document's example in it.
 *
 * The engine is the real one. Reading outputs, configuration and history is done here
 * without the command line, each call of which costs as much as an update.
 */
export async function makeWorld(): Promise<World> {
  const journey = await startJourney();
  const { simulator, tenant, environment, toolchain, directory } = journey;
  const { workDirectory } = await journey.stack("dev", exampleConfiguration);
  // What the program has given may be of an update that failed before the state had it.
  const received: { given: OutputMap; outputs: OutputMap; active?: string } = {
    given: {},
    outputs: {},
  };
  const stack = await openStack({
    stack: "dev",
    workDirectory,
    program: async () => {
      const outputs = await program({ ...process.env, ...environment });
      pulumi.output(outputs).apply((values: Record<string, unknown>) => {
        received.given = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, { value, secret: false }]),
        );
      });
      return outputs;
    },
    pulumi: pulumiCommandOf(toolchain.pulumi),
    environment,
  });

  const backend = join(directory, ".pulumi");
  const stateFile = join(backend, "stacks", "apponly", "dev.json");
  let lastState: Checkpoint = { checkpoint: {} };
  const readState = (): Checkpoint => {
    try {
      lastState = JSON.parse(readFileSync(stateFile, "utf8")) as Checkpoint;
    } catch {
      // It is being replaced in this very moment: what was there before still counts.
    }
    return lastState;
  };
  const resources = () => readState().checkpoint.latest?.resources ?? [];
  const certificatesNow = () =>
    resources().find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.certificates;
  const receivedNow = () => certificatesNow()?.find(({ active }) => active)?.thumbprint;
  /** As `pulumi stack output` tells them, without starting the CLI. */
  const outputsNow = () => {
    if (isDeepStrictEqual(received.given.certificates?.value, certificatesNow())) {
      received.outputs = received.given;
    }
    return received.outputs;
  };

  const quick = Object.create(stack) as ChangeableStack;
  const state = () => ({ version: 3, deployment: readState().checkpoint.latest });
  Object.assign(quick, {
    workspace: withStateAtHand(stack.workspace, state),
    outputs: () => Promise.resolve(outputsNow()),
    info: () => Promise.resolve({ resourceChanges: {} }),
    history: () => Promise.resolve(historyIn(join(backend, "history", "apponly", "dev"))),
    getAllConfig: () => Promise.resolve(configurationIn(join(workDirectory, "Pulumi.dev.yaml"))),
    exportStack: () => Promise.resolve(state()),
    up: async (...args: Parameters<Stack["up"]>) => {
      const result = await stack.up.call(quick, ...args);
      received.active = receivedNow() ?? "";
      return result;
    },
  });
  const { loginTls, exchange, compliance } = simulator.endpoints;
  const endpoints = {
    authority: loginTls,
    workloads: { exchange, compliance },
    extraCaPem: simulator.caCertificatePem,
  };
  const options = (hooks: RunHooks): RotateOptions => ({
    stack: quick,
    settingsFile: join(workDirectory, "Pulumi.dev.yaml"),
    overlapDays: 0,
    immediately: true,
    planOnly: false,
    prove: async (generation) =>
      proveSignIn(
        verifyInputOf(
          readOutputs(outputValues(await quick.outputs()), "dev"),
          endpoints,
          generation,
        ),
        10_000,
      ),
    openKeys: (applicationObjectId) => openApplicationKeys(quick, applicationObjectId),
    ...hooks,
  });
  const applicationIn = ({ applications }: TenantSnapshot) =>
    applications.find((one) => one.displayName === exampleConfiguration.displayName);
  return {
    journey,
    workDirectory,
    rotate: (hooks = {}) => rotate(options(hooks)),
    // What is asked once in a process is asked by then.
    update: async () => {
      await updateStack(quick);
    },
    checkpoint: () => {
      const kept = { given: received.given, outputs: outputsNow(), active: received.active };
      const restore = journey.checkpoint();
      return () => {
        restore();
        Object.assign(received, kept);
      };
    },
    receivedNow,
    receivedLast: () => received.active,
    validThumbprints: (state = tenant.state()) => {
      const now = new Date();
      return ((applicationIn(state)?.keyCredentials ?? []) as unknown as KeyCredential[])
        .filter(
          ({ startDateTime, endDateTime }) =>
            new Date(startDateTime) <= now && new Date(endDateTime) > now,
        )
        .map(({ customKeyIdentifier }) => customKeyIdentifier);
    },
    grants: (state = tenant.state()) => {
      const { servicePrincipals, appRoleAssignments, directoryRoleAssignments } = state;
      const appId = applicationIn(state)?.appId;
      const principal = servicePrincipals.find((one) => one.appId === appId)?.id;
      return [...appRoleAssignments, ...directoryRoleAssignments]
        .filter(({ principalId }) => principal !== undefined && principalId === principal)
        .map(({ id }) => id as string);
    },
    fingerprint: () => {
      const aliases = new Map(
        resources().flatMap(({ urn, type, id, outputs }) => [
          ...(type === types.applicationCertificate
            ? [[id?.split("/")[2] ?? "", urn] as const]
            : []),
          ...(outputs?.certificates ?? []).map(
            ({ name, thumbprint }) => [thumbprint, name] as const,
          ),
        ]),
      );
      const held = tenant.state();
      const text = JSON.stringify([
        { ...held, applications: held.applications.map(withoutMaterial) },
        readFileSync(join(workDirectory, "Pulumi.dev.yaml"), "utf8"),
        resources()
          .map(({ urn, type, id }) => (type.startsWith("tls:") ? urn : `${urn} ${id}`))
          .sort(),
        readState().checkpoint.latest?.pending_operations ?? [],
        receivedNow(),
      ]);
      return [...aliases].reduce((all, [id, name]) => all.replaceAll(id, `(of ${name})`), text);
    },
    close: async () => {
      await journey.close();
    },
  };
}

/** Keys are new in every run: what counts is whose they are. */
function withoutMaterial(application: JsonObject): JsonObject {
  const keys = (application.keyCredentials ?? []) as unknown as (KeyCredential & {
    keyId: string;
  })[];
  return {
    ...application,
    keyCredentials: keys.map(({ keyId, customKeyIdentifier }) => [keyId, customKeyIdentifier]),
  };
}

/** The updates of a stack, as far as a rotation asks for them. */
function historyIn(folder: string): Pick<UpdateSummary, "config">[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".history.json"))
    .map((name) => {
      const { config } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Configured;
      return { config: configurationOf(config) };
    });
}

interface Configured {
  readonly config?: Record<string, unknown>;
}

function configurationIn(settingsFile: string): ConfigMap {
  return configurationOf((parse(readFileSync(settingsFile, "utf8")) as Configured).config);
}

/** Values as the command line gives them: texts as they are, the rest as JSON. */
function configurationOf(config: Configured["config"] = {}): ConfigMap {
  const values = Object.entries(config).map(([key, value]) => [
    key,
    { value: typeof value === "string" ? value : JSON.stringify(value), secret: false },
  ]);
  return Object.fromEntries(values) as ConfigMap;
}
