/**
 * How the outputs of a stack are read: what they must be, and what is said where they are not.
 * Not proven here: that the program writes them so, which the journeys show.
 */
import {
  federatedCredentialsOf,
  OutputsError,
  readOutputs,
  readPublicOutputs,
} from "../../../components/outputs";
import { makeGeneration, sampleOutputs } from "../../support/exportSample";

const current = makeGeneration("2026-11");

const failureOf = (values: Record<string, unknown>): Error => {
  try {
    readOutputs(values, "dev");
  } catch (error) {
    expect(error).toBeInstanceOf(OutputsError);
    return error as Error;
  }
  throw new Error("The outputs were read.");
};

test("the outputs are read as they were written", () => {
  const written = sampleOutputs([current]);
  expect(readOutputs(written, "dev")).toEqual(written);
  expect(readOutputs({ ...written, yetToCome: 1 }, "dev")).toEqual(written);
});

test("a stack that was not updated yet has no outputs, and who needs them says what to do", () => {
  expect(readPublicOutputs({}, "dev")).toBeUndefined();
  expect(failureOf({}).message).toBe(
    'The stack "dev" has no outputs yet. Run an update first: apponly up --stack dev',
  );
});

test("outputs of a newer version ask for a newer apponly", () => {
  expect(failureOf(sampleOutputs([current], { outputsVersion: 2 })).message).toBe(
    'The outputs of the stack "dev" have version 2; this command reads version 1. Update apponly to the version that updated the stack.',
  );
});

test.each<[string, Record<string, unknown>]>([
  ["outputsVersion", { outputsVersion: undefined }],
  ["outputsVersion", { outputsVersion: "1" }],
  ["cloud", { cloud: "mars" }],
  ["cloud", { cloud: undefined }],
  ["certificates", { certificates: undefined }],
  ["workloads.0", { workloads: ["teams"] }],
  ["pfxGenerations", { pfxGenerations: undefined }],
  ["connect", { connect: null }],
  ["organization", { organization: "contoso.onmicrosoft.com\n##vso[task.setvariable]x" }],
  ["connect.exchange.x", { connect: { exchange: { x: "Get-\u202eX" } } }],
  [
    "federatedCredentials.0.name",
    {
      federatedCredentials: [
        { name: 'job\nnode { sh "id" }\n//', issuer: "", subject: "", audience: "" },
      ],
    },
  ],
])("an unreadable %s is an error and never a default: %j", (path, changes) => {
  expect(failureOf(sampleOutputs([current], changes)).message).toBe(
    `The stack "dev" lacks outputs, or they have another form: ${path}. Update it: apponly up --stack dev`,
  );
});

test("malformed outputs are named by their paths, never by their values", () => {
  const password = 12345;
  const { message } = failureOf(
    sampleOutputs([current], {
      applicationId: undefined,
      pfxGenerations: { "2026-11": { pfx: current.pfx, password } },
    }),
  );
  expect(message).toContain("form: applicationId, pfxGenerations.2026-11.password.");
  expect(message).not.toContain(String(password));
});

test("federated credentials that an older version did not name are asked for, not taken for none", () => {
  const older = readOutputs(sampleOutputs([current], { federatedCredentials: undefined }), "dev");
  expect(() => federatedCredentialsOf(older, "dev")).toThrow(OutputsError);
  expect(() => federatedCredentialsOf(older, "dev")).toThrow(/Update it: apponly up --stack dev$/);
  expect(federatedCredentialsOf(readOutputs(sampleOutputs([current]), "dev"), "dev")).toEqual([]);
});

test("who needs no key reads the outputs also where those that are secret are absent", () => {
  const whole = sampleOutputs([current]);
  const secret = ["pfx", "pfxPassword", "pfxGenerations"];
  const told = Object.fromEntries(Object.entries(whole).filter(([name]) => !secret.includes(name)));
  expect(readPublicOutputs(told, "dev")).toEqual(told);
  expect(readPublicOutputs(whole, "dev")).toEqual(told);
  expect(() => readOutputs(told, "dev")).toThrow("pfxGenerations");
});
