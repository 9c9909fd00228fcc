/**
 * What a program that Pulumi's own host runs says when a look-up fails. The host is not here: what it
 * does is played, by its listener and by the path of the program that it starts.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const host = "/project/node_modules/@pulumi/pulumi/cmd/run";

const refused =
  'clientCredentialsToken: received HTTP status 401 with response: {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: 1"}';

interface Said {
  readonly isWords: boolean;
  readonly message: string;
}

/** Runs the program by the file that Pulumi starts, each look-up failing, and tells what its host hears. */
function failing(startedAs = host): { heard: Said[]; listeners: number } {
  const script = `
    process.argv[1] = ${JSON.stringify(startedAs)};
    const pulumi = require(${JSON.stringify(join(root, "node_modules/@pulumi/pulumi"))});
    const heard = new Set();
    process.on("unhandledRejection", (error) => heard.add(error));
    const before = process.listeners("unhandledRejection")[0];
    pulumi.runtime.setAllConfig({
      "apponly:displayName": "Reports",
      "apponly:workloads": '["exchange"]',
      "apponly:directoryRoles": '["Global Reader"]',
      "apponly:federatedCredentials": '[{"name":"deploy","issuer":"https://token.actions.githubusercontent.com","subject":"repo:contoso/access:environment:production"}]',
    });
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name, state: { ...inputs, clientId: "c", objectId: "o" } }),
      call: ({ token }) => Promise.reject({
        details: \`invocation of \${token} returned an error: \` +
          (token.includes("getServicePrincipal") ? "the tenant is on holiday" : ${JSON.stringify(refused)}),
      }),
    }, "project", "contoso", true);
    require(${JSON.stringify(join(root, "program.js"))})().catch((error) => heard.add(error));
    setTimeout(() => {
      console.log(JSON.stringify({
        heard: [...heard].map((error) => ({
          isWords: pulumi.RunError.isInstance(error) && error.stack === "", message: error.message })),
        listeners: process.listeners("unhandledRejection").filter((one) => one === before).length,
      }));
      process.exit();
    }, 300);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  if (stdout === "") {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as ReturnType<typeof failing>;
}

test("each failure is one sentence, with its remedy where one is known, whatever waits for it", () => {
  const { heard } = failing();
  expect(heard.every(({ isWords }) => isWords)).toBe(true);
  expect(heard.map(({ message }) => message).sort()).toEqual([
    "The deployer cannot sign in: AADSTS7000215: Invalid client secret provided. Correct its credentials, and see: apponly doctor --stack contoso",
    "the tenant is on holiday",
  ]);
});

test("whoever else runs the program keeps the listeners that it has", () => {
  const { heard, listeners } = failing("/project/automation.js");
  expect(listeners).toBe(1);
  expect(heard.length).toBeGreaterThan(1);
  expect(heard.some(({ isWords }) => isWords)).toBe(false);
});
