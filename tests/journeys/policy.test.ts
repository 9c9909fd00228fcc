/**
 * The policy pack in the real engine, started by the SDK's own runner. The launcher beside the
 * tests stands for the one that an installed Pulumi brings; with Pulumi's Node language host on
 * PATH the engine takes that instead. Not proven here: `pulumi policy publish`, which needs
 * Pulumi Cloud.
 */
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import * as azuread from "@pulumi/azuread";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { gate } from "../../review/gate";
import { readEvents } from "../../review/input/engineEvents";
import { review } from "../../review/review";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

const pack = join(__dirname, "../../policy");
const launcher = join(__dirname, "../support/policyLauncher");

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

interface Outcome {
  readonly stopped: boolean;
  /** `level policy, resource: message`, without the description that the SDK puts in front. */
  readonly violations: readonly string[];
  readonly events: readonly EngineEvent[];
}

type Operation = "preview" | "up";

async function withPack(
  opened: JourneyStack,
  operation: Operation,
  configuration?: string,
): Promise<Outcome> {
  const stack = await opened.opened();
  const { envVars } = stack.workspace;
  envVars.PATH = [launcher, journey.environment.PATH].join(delimiter);
  const events: EngineEvent[] = [];
  const options = {
    color: "never" as const,
    policyPacks: [pack],
    ...(configuration === undefined ? {} : { policyPackConfigs: [configuration] }),
    onEvent: (event: EngineEvent) => {
      events.push(event);
    },
  };
  const stopped = await (
    operation === "preview"
      ? stack.preview(options)
      : stack.up({ ...options, suppressOutputs: true })
  ).then(
    () => false,
    () => true,
  );
  const violations = events.flatMap(({ policyEvent }) =>
    policyEvent === undefined
      ? []
      : [
          `${policyEvent.enforcementLevel} ${policyEvent.policyName}, ${policyEvent.resourceUrn?.split("::").at(-1) ?? ""}: ${policyEvent.message.trim().split("\n").at(-1) ?? ""}`,
        ],
  );
  return { stopped, violations, events };
}

/** Messages of the review of the same events, in the form of {@link Outcome.violations}. */
const reviewed = (events: readonly EngineEvent[]) =>
  review(
    readEvents(
      events.filter(({ diagnosticEvent }) => diagnosticEvent?.severity !== ("debug" as never)),
    ),
  ).violations.map(
    ({ enforcementLevel, policy, resource, message }) =>
      `${enforcementLevel} ${policy}, ${resource.split("::").at(-1) ?? ""}: ${message}`,
  );

const roleRule = "entra-directory-role-disallow-privileged-without-exception";

/** A program that does what the component refuses. */
const flat = (roleId: string) => async () => {
  const application = new azuread.Application("flat", {
    displayName: "Flat",
    signInAudience: "AzureADMultipleOrgs",
    requiredResourceAccesses: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [{ id: "810c84a8-4a9e-49e6-bf7d-12d183f40d01", type: "Role" }],
      },
    ],
  });
  const principal = new azuread.ServicePrincipal("flat-principal", {
    clientId: application.clientId,
  });
  new azuread.DirectoryRoleAssignment("flat-role", {
    roleId,
    principalObjectId: principal.objectId,
  });
};

test("a stack in order passes, before its first update, in it and after it", async () => {
  const stack = await journey.stack("sound", exampleConfiguration);
  for (const operation of ["preview", "up", "preview"] as const) {
    const { stopped, violations, events } = await withPack(stack, operation);
    expect({ operation, stopped, violations }).toEqual({
      operation,
      stopped: false,
      violations: [],
    });
    if (operation === "preview") {
      expect(reviewed(events)).toEqual([]);
    }
  }
});

test("Global Administrator is stopped without an exception and passes with one", async () => {
  const until = new Date().toISOString().slice(0, 10);
  const excepted = {
    ...exampleConfiguration,
    directoryRoles: ["Exchange Administrator", "Global Administrator"],
    exceptions: [{ role: "Global Administrator", reason: "mailbox migration", until }],
  };
  const stack = await journey.stack("privileged", excepted);
  expect(await withPack(stack, "preview")).toMatchObject({ stopped: false, violations: [] });

  // The component takes no role without an exception; the pack does not trust the stack's.
  const configuration = join(stack.workDirectory, "policies.json");
  await writeFile(
    configuration,
    JSON.stringify({ [roleRule]: { acceptExceptionsOfStack: false } }),
  );
  const found = await withPack(stack, "preview", configuration);
  expect(found.stopped).toBe(true);
  expect(found.violations).toEqual([
    `mandatory ${roleRule}, access-grants-role-global-administrator: The directory role Global Administrator is privileged, and no exception covers it.`,
  ]);
});

test("a first preview full of unknown ids is stopped by what is known, and reviewed alike", async () => {
  const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
  const stack = await journey.stack("flat", {}, flat(globalAdministrator));
  const { stopped, violations } = await withPack(stack, "preview");
  expect(stopped).toBe(true);
  expect([...violations].sort()).toEqual([
    "mandatory entra-application-require-single-tenant, flat: The sign-in audience AzureADMultipleOrgs is not allowed.",
    "mandatory entra-application-require-valid-generation, flat: Nothing can sign in as Flat. It has no certificate and no federated credential.",
    `mandatory ${roleRule}, flat-role: The directory role Global Administrator is privileged, and no exception covers it.`,
    "mandatory entra-manifest-require-consent, flat: Flat asks for the app role 810c84a8-4a9e-49e6-bf7d-12d183f40d01, and the stack does not grant it.",
    "mandatory entra-permissions-disallow-unlisted, flat: The application permission 810c84a8-4a9e-49e6-bf7d-12d183f40d01 of Microsoft Graph is not on the allow list.",
  ]);
  const plain = await stack.preview();
  expect(reviewed(plain.events).sort()).toEqual([...violations].sort());
  expect(gate([review(readEvents(plain.events))], "critical").kind).toBe("tripped");
});

test("an update is stopped before it creates what violates a policy", async () => {
  const before = journey.tenant.state();
  const stack = await journey.stack("stopped", {}, flat("62e90394-69f5-4237-9190-012177145e10"));
  const { stopped } = await withPack(stack, "up");
  expect(stopped).toBe(true);
  expect(journey.tenant.state()).toEqual(before);
});
