/**
 * The pages under docs/how-to, followed word for word: every shell block is run as it stands, by a
 * shell, in a folder with the settings of a stack.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { readCertificate } from "../../components/certificateFacts";
import { program as managedIdentity } from "../../examples/managed-identity/index";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

const root = join(__dirname, "../..");
let journey: Journey;
let stack: JourneyStack;

let startAnew: () => void;

beforeAll(async () => {
  journey = await startJourney();
  startAnew = journey.checkpoint();
});

afterEach(() => startAnew());

afterAll(() => journey.close());

async function blocksOf(page: string): Promise<string[]> {
  const text = await readFile(join(root, "docs/how-to", page), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
}

/** Runs one block in the stack's folder. */
async function run(block: string, environment: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await journey.script(block, stack.workDirectory, environment);
  if (code !== 0) {
    throw new Error(`${block}\nended with ${code}:\n${stdout}${stderr}`);
  }
  return stdout;
}

const thumbprints = () => {
  const { applications } = journey.tenant.state();
  const own = applications.find((one) => one.displayName === "ExO PowerShell CBA");
  return (own?.keyCredentials as { customKeyIdentifier: string }[]).map(
    ({ customKeyIdentifier }) => customKeyIdentifier,
  );
};

test("the commands of rotate.md do what the page says", async () => {
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  const [before] = thumbprints();
  const blocks = await blocksOf("rotate.md");
  expect(blocks).toHaveLength(6);
  for (const block of blocks) {
    await run(block);
  }
  expect(thumbprints()).toHaveLength(1);
  expect(thumbprints()).not.toContain(before);
  // --plan has written another generation, and changed nothing.
  expect((await stack.preview()).changes).toMatchObject({ create: 4 });
});

test("the commands of bring-your-own-certificate.md do what the page says", async () => {
  stack = await journey.stack("dev", exampleConfiguration);
  for (const block of await blocksOf("bring-your-own-certificate.md")) {
    await run(block, { PFX_PASSWORD: "a password only of this test" });
  }
  const [pem, key] = await Promise.all(
    ["own.pem", "own.key"].map((name) => readFile(join(stack.workDirectory, name), "utf8")),
  );
  expect(thumbprints()).toHaveLength(2);
  expect(thumbprints()).toContain(readCertificate(pem ?? "").thumbprint);
  // Its first lines hold the modulus, which is in the certificate too.
  const line = (key ?? "").split("\n").at(-5);
  expect(line).toHaveLength(64);
  expect(JSON.stringify(await (await stack.opened()).exportStack())).not.toContain(line);
  // To make it the active one changes no resource.
  expect((await stack.preview()).changes).not.toHaveProperty("create");
});

test("the commands of deployer.md and many-tenants.md do what the pages say", async () => {
  stack = await journey.stack("contoso", exampleConfiguration);
  await stack.up();
  for (const block of await blocksOf("deployer.md")) {
    expect(await run(block)).toContain("Application.ReadWrite.OwnedBy");
  }
  const lines = (await blocksOf("many-tenants.md"))
    .flatMap((block) => block.split("\n"))
    .filter((line) => line !== "")
    // npx runs what is installed.
    .map((line) => line.replace(/^npx apponly/, "apponly"));
  expect(lines).toHaveLength(12);
  const [certificates, review, drift, report, ...more] = lines;
  const [initOne, initMany, initOneShared, login, environment, initManyShared, pipeline, tickets] =
    more;
  await writeFile(
    join(stack.workDirectory, "tenants.csv"),
    "stack,tenant,cloud,tag:ring\nfabrikam,contoso.onmicrosoft.com,global,canary\n",
  );
  for (const line of [certificates, drift, report, pipeline, initMany]) {
    await run(line ?? "");
  }
  // What stacks share is in this project's stack, and not in Pulumi.yaml, as the page has it.
  const [shared, own] = await Promise.all(
    ["contoso", "fabrikam"].map(
      async (name) =>
        parse(await readFile(join(stack.workDirectory, `Pulumi.${name}.yaml`), "utf8")) as {
          config: object;
        },
    ),
  );
  await writeFile(
    join(stack.workDirectory, "Pulumi.fabrikam.yaml"),
    stringify({ ...shared, config: { ...shared?.config, ...own?.config } }),
  );
  expect(await run(review ?? "")).toContain("stack fabrikam");
  // The page makes the stack that is there by now.
  await expect(run(initOne ?? "")).rejects.toThrow(/Pulumi\.contoso\.yaml/);
  await expect(run(initOneShared ?? "")).rejects.toThrow(/Pulumi\.contoso\.yaml/);
  // Environments are Pulumi Cloud's.
  expect(login).toBe("pulumi login");
  expect(environment).toMatch(/^pulumi env init access\/shared --file /);
  await writeFile(
    join(stack.workDirectory, "tenants.csv"),
    "stack,tenant,cloud\nnorthwind,contoso.onmicrosoft.com,global\n",
  );
  await run(initManyShared ?? "");
  await run((tickets ?? "").replace(" --out", " --force --out"));
  for (const file of ["report.html", "Pulumi.fabrikam.yaml"]) {
    expect(await readFile(join(stack.workDirectory, file), "utf8")).not.toBe("");
  }
});

test("the example for a managed identity grants consent and a role, and nothing else", async () => {
  const principal = journey.tenant.deployer.servicePrincipalObjectId;
  stack = await journey.stack("dev", { "apponly:principalObjectId": principal }, () =>
    Promise.resolve(managedIdentity()),
  );
  await stack.up();
  await stack.expectNoChanges();
  const { directoryRoleAssignments, applications } = journey.tenant.state();
  expect(directoryRoleAssignments).toContainEqual(
    expect.objectContaining({
      principalId: principal,
      roleDefinitionId: "31392ffb-586c-42d1-9346-e59415a2cc4e",
    }),
  );
  expect(applications.map(({ displayName }) => displayName)).not.toContain("ExO PowerShell CBA");
});

test("every preview warns of a certificate that expires within 30 days", async () => {
  const soon = [{ name: "2026-11", subject: "contoso.org", validityDays: 10 }];
  stack = await journey.stack("dev", { ...exampleConfiguration, certificates: soon });
  await stack.up();
  const { events } = await stack.preview();
  const warnings = events
    .map(({ diagnosticEvent }) => diagnosticEvent)
    .filter((event) => event?.severity === "warning")
    .map((event) => event?.message ?? "");
  expect(warnings.join("\n")).toMatch(
    /The certificate of the generation "2026-11" expires in 9 days, at \S+Z\. Rotate it: apponly rotate --stack dev/,
  );
  const list = ["certificates", "--stack", "dev", "--fail-within", "30d"];
  expect(await journey.apponly(list, stack.workDirectory)).toMatchObject({ code: 5 });
});
