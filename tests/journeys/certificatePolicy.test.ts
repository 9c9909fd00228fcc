/**
 * A certificate that would live longer than the tenant's app management policy allows is refused by
 * the preview, and nothing is changed; where the policy cannot be read, the preview says so.
 *
 * Not proven here: exemptions of a real tenant, which are reported and not judged.
 */
import { makeCertificate } from "../support/certificates";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;

let startAnew: () => void;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  startAnew = journey.checkpoint();
});

afterEach(() => startAnew());

afterAll(() => journey.close());

const limitedTo = (maxLifetime: string, restrictForAppsCreatedAfterDateTime?: string) => ({
  passwordCredentials: [],
  keyCredentials: [
    {
      restrictionType: "asymmetricKeyLifetime",
      maxLifetime,
      ...(restrictForAppsCreatedAfterDateTime && { restrictForAppsCreatedAfterDateTime }),
    },
  ],
});

function limit(maxLifetime: string, createdAfter?: string): void {
  journey.tenant.deployer.grant("Policy.Read.All");
  journey.tenant.setAppManagementPolicy({
    isEnabled: true,
    applicationRestrictions: limitedTo(maxLifetime, createdAfter),
  });
}

const tooLong =
  'apponly:certificates[0].validityDays "365" is longer than the tenant\'s app management policy lets a certificate live: 180 days (asymmetricKeyLifetime P180D). Set it to 180 or fewer.';

async function warnings(): Promise<string> {
  const { events } = await stack.preview();
  return events
    .map(({ diagnosticEvent }) => diagnosticEvent)
    .filter((event) => event?.severity === "warning")
    .map((event) => event?.message ?? "")
    .join("\n");
}

test("a generated certificate that would live too long is refused by the preview", async () => {
  limit("P180D");
  const before = journey.tenant.state();
  expect(await stack.previewFailure()).toContain(tooLong);
  expect(journey.tenant.state()).toEqual(before);
  const [generation] = exampleConfiguration.certificates;
  await stack.configure({
    ...exampleConfiguration,
    certificates: [{ ...generation, validityDays: 180 }],
  });
  await stack.up();
  await stack.expectNoChanges();
});

test("a supplied certificate is judged by its own dates", async () => {
  limit("P90D");
  const { certificatePem } = makeCertificate({ commonName: "contoso.org" });
  await stack.configure({
    ...exampleConfiguration,
    certificates: [{ name: "own", source: certificatePem }],
  });
  expect(await stack.previewFailure()).toContain(
    "is longer than the tenant's app management policy lets a certificate live: 90 days (asymmetricKeyLifetime P90D). Supply a certificate that is valid for 90 days or fewer.",
  );
});

test("a policy for applications made later does not concern one that exists", async () => {
  await stack.up();
  limit("P180D", new Date(Date.now() + 60_000).toISOString());
  const certificates = [
    ...exampleConfiguration.certificates,
    { name: "2027-05", subject: "contoso.org" },
  ];
  await stack.configure({ ...exampleConfiguration, certificates, activeCertificate: "2026-11" });
  expect((await stack.preview()).changes).toMatchObject({ create: 4 });
});

test("a policy assigned to the application holds in place of the tenant's", async () => {
  await stack.up();
  limit("P400D");
  const own = journey.tenant
    .state()
    .applications.find(({ displayName }) => displayName === "ExO PowerShell CBA");
  journey.tenant.assignAppManagementPolicy(own?.id as string, {
    id: "11111111-1111-4111-8111-111111111111",
    displayName: "Automation",
    isEnabled: true,
    restrictions: limitedTo("P30D"),
  });
  const certificates = [
    ...exampleConfiguration.certificates,
    { name: "2027-05", subject: "contoso.org", validityDays: 60 },
  ];
  await stack.configure({ ...exampleConfiguration, certificates, activeCertificate: "2026-11" });
  expect(await stack.previewFailure()).toContain(
    'apponly:certificates[1].validityDays "60" is longer than the app management policy "Automation" assigned to the application lets a certificate live: 30 days',
  );
});

test("a deployer that may not read the policy is told so, and nothing is stopped", async () => {
  expect(await warnings()).toContain("Grant the deployer Policy.Read.All to be told before.");
  await stack.up();
  const from = journey.simulator.journal.position;
  expect(await warnings()).not.toContain("Policy.Read.All");
  // Where nothing is registered nothing is asked.
  expect(journey.simulator.journal.entries({ after: from, path: /policies/i })).toEqual([]);
});
