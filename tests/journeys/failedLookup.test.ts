/**
 * A lookup that fails stops the update and takes nothing away: neither consent nor role, nor a
 * certificate that another part of the same update would have removed.
 */
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;

const certificates = [
  { name: "2026-11", subject: "contoso.org" },
  { name: "2027-05", subject: "contoso.org" },
];

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", {
    ...exampleConfiguration,
    certificates,
    activeCertificate: "2027-05",
  });
  await stack.up();
});

afterAll(() => journey.close());

test.each([
  ["Microsoft's service principal", /^\/beta\/servicePrincipals\//],
  ["the initial domain", /^\/v1\.0\/domains/],
])("a lookup of %s that is cut off leaves everything as it was", async (_what, path) => {
  await stack.configure({ ...exampleConfiguration, certificates: certificates.slice(1) });
  const before = journey.tenant.state();
  const switchOff = journey.tenant.faults.add({
    kind: "dropConnection",
    phase: "before",
    match: { path },
  });
  expect(await stack.upFailure()).toMatch(/Get "https:[^"]+": EOF/);
  switchOff();
  expect(journey.tenant.state()).toEqual(before);
});

test("the same update goes through once the lookup succeeds", async () => {
  const grants = () => {
    const { appRoleAssignments, directoryRoleAssignments } = journey.tenant.state();
    return [appRoleAssignments, directoryRoleAssignments];
  };
  const before = grants();
  expect((await stack.up()).changes).toMatchObject({ delete: 4 });
  expect(grants()).toEqual(before);
});
