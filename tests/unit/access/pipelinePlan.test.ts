/** Which pipelines can be asked for, what follows from a stack, and what is refused. */
import fc from "fast-check";
import { parse } from "yaml";
import { headComment } from "../../../access/pipelines/titles";
import type { PipelinePlan } from "../../../access/pipelines/types";
import { isPlainLine } from "../../../system/visibleText";
import { anyText } from "../../support/anyText";
import {
  pipelineKinds,
  type PipelineStack,
  type PipelineWishes,
} from "../../../access/pipelines/types";
import { planPipeline } from "../../../access/pipelines/plan";
import { renderPipeline } from "../../../access/pipelines/renderPipeline";
import {
  keyInVault,
  pipelineStack as stack,
  renderOneFile,
  scriptsInYaml,
} from "../../support/pipelines";

const exchange: PipelineStack = { ...stack, workloads: ["exchange"] };
const planned = (wishes: PipelineWishes, from = exchange) => {
  const { platform, credential, workloads } = planPipeline(from, wishes);
  return [platform, credential, workloads.join("+")];
};

describe("what is left out follows from the stack", () => {
  test.each([
    ["github-actions", ["linux", "federated", "exchange"]],
    ["azure-devops", ["linux", "federated", "exchange"]],
    ["azure-automation", ["windows", "certificate", "exchange"]],
    ["jenkins", ["linux", "federated", "exchange"]],
    ["gitlab", ["linux", "federated", "exchange"]],
    ["cron", ["linux", "certificate", "exchange"]],
  ] as const)("%s", (kind, expected) => {
    expect(planned({ kind })).toEqual(expected);
  });

  test.each(pipelineKinds)("and a key in a vault is signed with where it is, in %s", (kind) => {
    const inVault = { ...exchange, certificate: false, vault: keyInVault };
    expect(planned({ kind }, { ...inVault, federatedCredentials: [] })[1]).toBe("key-vault");
    expect(() => planPipeline(inVault, { kind, credential: "certificate" })).toThrow(
      "is in contoso.vault.azure.net and is handed to no job. Take --credential key-vault.",
    );
    expect(() => planPipeline(exchange, { kind, credential: "key-vault" })).toThrow(
      "is in no vault",
    );
    const files = renderPipeline(planPipeline(inVault, { kind, credential: "key-vault" }));
    const text = files.map(({ content }) => content).join("");
    expect(text).toContain(
      "https://contoso.vault.azure.net/certificates/exo-powershell/versions?api-version=7.4",
    );
    expect(text).not.toMatch(/APPONLY_PFX|0123456789abcdef0123456789abcdef/);
  });

  test("a managed HSM keeps no certificates, so its pipeline names the version", () => {
    const key = keyInVault.vault.key.replace("contoso.vault", "contoso.managedhsm");
    const vault = {
      ...keyInVault,
      source: "managed-hsm",
      vault: { key, exportable: false },
    } as const;
    const plan = planPipeline(
      { ...exchange, certificate: false, vault },
      { kind: "github-actions", credential: "key-vault" },
    );
    const { content } = renderOneFile(plan);
    expect(content).toContain(`id = "${key}"; x5t = "Hy49TFtqeYgBI0VniavN7wEjRWc"`);
    expect(content).toContain("https://managedhsm.azure.net/.default");
  });

  test("Windows for Security & Compliance, and a certificate where no federated credential fits", () => {
    expect(planned({ kind: "github-actions" }, stack)).toEqual([
      "windows",
      "federated",
      "exchange+compliance",
    ]);
    expect(planned({ kind: "jenkins" }, { ...exchange, federatedCredentials: [] })).toEqual([
      "linux",
      "certificate",
      "exchange",
    ]);
  });

  test("newer service connections have Microsoft Entra ID's issuer, and their id in the subject", () => {
    const id = "11112222-bbbb-3333-cccc-4444dddd5555";
    const federatedCredentials = [
      {
        name: "azure-devops",
        issuer: "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0",
        subject: `/eid1/c/pub/t/rmuUZvHHmUC3aG7BrGhCgA/a/rISbSSETf0KqFyZ8ppdXmA/sc/aaaabbbb-0000-cccc-1111-dddd2222eeee/${id}`,
      },
    ];
    const plan = planPipeline({ ...exchange, federatedCredentials }, { kind: "azure-devops" });
    // A managed identity has the issuer too, and is not a service connection.
    const others = federatedCredentials.map((one) => ({ ...one, subject: id }));
    expect(
      planned({ kind: "azure-devops" }, { ...exchange, federatedCredentials: others })[1],
    ).toBe("certificate");
    expect(parse(renderOneFile(plan).content).jobs[0].steps[2].inputs.azureSubscription).toBe(id);
  });

  test("one of several federated credentials is taken by name", () => {
    const production = {
      name: "github-production",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/messaging:environment:production",
      audience: "api://AzureADTokenExchangeUSGov",
    };
    const federatedCredentials = [...stack.federatedCredentials, production];
    const plan = planPipeline(
      { ...exchange, federatedCredentials },
      { kind: "github-actions", federation: "github-production" },
    );
    const { content } = renderOneFile(plan);
    expect(parse(content).jobs.connect.environment).toBe("production");
    expect(scriptsInYaml(content)[1]).toContain('"api://AzureADTokenExchangeUSGov"');
    expect(content).toContain("--federation github-production");
  });
});

describe("what does not fit is refused, with the remedy", () => {
  const bare = { ...exchange, certificate: false, federatedCredentials: [] };
  test.each<[string, PipelineStack, PipelineWishes, RegExp]>([
    ["S&C on Linux", stack, { kind: "jenkins", platform: "linux" }, /only on Windows.*windows/],
    ["S&C by cron", stack, { kind: "cron" }, /only on Windows\. Take another kind, or --workload/],
    [
      "S&C by managed identity",
      stack,
      { kind: "azure-automation", credential: "managed-identity" },
      /cannot connect to Security & Compliance PowerShell.*--workload exchange/,
    ],
    ["cron on Windows", exchange, { kind: "cron", platform: "windows" }, /cron runs only on linux/],
    ["cron federated", exchange, { kind: "cron", credential: "federated" }, /there is certificate/],
    ["nothing to sign in with", bare, { kind: "github-actions" }, /nothing that github-actions/],
    [
      "no certificate",
      bare,
      { kind: "jenkins", credential: "certificate" },
      /no active certificate.*apponly:certificates/,
    ],
    [
      "no federated credential",
      bare,
      { kind: "jenkins", credential: "federated" },
      /no federated credential for jenkins.*apponly:federatedCredentials/,
    ],
    [
      "an unknown federated credential",
      exchange,
      { kind: "jenkins", credential: "federated", federation: "github-main" },
      /for jenkins the stack "contoso" has jenkins\./,
    ],
    [
      "a workload without access",
      exchange,
      { kind: "jenkins", workloads: ["compliance"] },
      /no access to Security & Compliance PowerShell/,
    ],
    [
      "a value that is not an identity",
      exchange,
      { kind: "azure-automation", credential: "managed-identity", identity: "x" },
      /--identity "x" has to be/,
    ],
  ])("%s", (_, from, wishes, message) => {
    expect(() => planPipeline(from, wishes)).toThrow(message);
  });
});

describe("a value that a platform could take for more than itself", () => {
  const hostile = ["a$(x)", "${{ secrets.A }}", "a\nb", 'a"b', "a'b", "a b;c", "`x`", "\u2028"];

  test.each(["stack", "tenantId", "applicationId", "organization"] as const)(
    "an invalid %s is refused",
    (key) => {
      for (const value of hostile) {
        expect(() =>
          planPipeline({ ...exchange, [key]: value }, { kind: "github-actions" }),
        ).toThrow(`${key} `);
      }
    },
  );

  test("and in the names of environments and service connections it stays text", () => {
    const text = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((value) => !/\$[({[]|##(vso)?\[|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/iu.test(value));
    fc.assert(
      fc.property(text, (value) => {
        const workflow = planPipeline(exchange, {
          kind: "github-actions",
          credential: "certificate",
          environment: value,
        });
        expect(parse(renderOneFile(workflow).content).jobs.connect.environment).toBe(value);
        const federatedCredentials = [
          {
            name: "azure-devops",
            issuer: "https://vstoken.dev.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee",
            subject: `sc://contoso/Messaging/${value}`,
          },
        ];
        const pipeline = planPipeline(
          { ...exchange, federatedCredentials },
          { kind: "azure-devops" },
        );
        const { inputs } = parse(renderOneFile(pipeline).content).jobs[0].steps[2];
        expect(inputs.azureSubscription).toBe(value);
      }),
    );
    for (const value of ["${{ secrets.A }}", "a\nb"]) {
      expect(() =>
        planPipeline(exchange, {
          kind: "github-actions",
          credential: "certificate",
          environment: value,
        }),
      ).toThrow("--environment ");
    }
  });
});

describe("a comment holds one line whatever comes", () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom("\n", "\r", "\u0085", "\u2028", "\u202e", "*/", "node{", "'"),
        anyText({ maxLength: 5 }),
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((parts) => parts.join(""));
  const planOf = (name: string): PipelinePlan => ({
    ...planPipeline(exchange, { kind: "jenkins", credential: "federated" }),
    environment: name,
    federation: { name, issuer: "https://jenkins.contoso.com/oidc", subject: "x" },
  });

  test("also where a name was not checked", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = headComment(planOf(text));
        return lines.length === 2 && lines.every((line) => isPlainLine(line));
      }),
      { numRuns: 10_000, seed: 20261125 },
    );
  });

  test("so that a Jenkinsfile has the lines that it always has", () => {
    const linesOf = (name: string) =>
      renderOneFile(planOf(name)).content.split(/[\n\r\u0085\u2028\u2029]/);
    const [, , ...always] = linesOf("name");
    fc.assert(
      fc.property(hostile, (text) => {
        const [first, second, ...others] = linesOf(text);
        expect([first, second].every((line) => line?.startsWith("// "))).toBe(true);
        expect(others).toEqual(always);
      }),
      { numRuns: 200, seed: 20261125 },
    );
  });

  test("and a name that the configuration refuses is refused", () => {
    const planNamed = (name: string) => ({
      ...exchange,
      federatedCredentials: [{ name, issuer: "https://jenkins.example.org/oidc", subject: "x" }],
    });
    for (const name of ['job\nnode { sh "id" }\n//', "a\u202eb", "x", "job\u200b"]) {
      expect(() =>
        planPipeline(planNamed(name), { kind: "jenkins", credential: "federated" }),
      ).toThrow(/^federated credential ".*" has to be 3 to 120 letters/);
    }
    for (const environment of ["a\u202eb", "a\u200bb", "##vso[task.setvariable]x", "a##[b"]) {
      expect(() =>
        planPipeline(exchange, {
          kind: "github-actions",
          credential: "certificate",
          environment,
        }),
      ).toThrow("--environment ");
    }
  });
});

test("a file says which command wrote it", () => {
  const plan = planPipeline(stack, {
    kind: "github-actions",
    workloads: ["exchange"],
    credential: "certificate",
    environment: "it's here",
  });
  expect(renderPipeline(plan)[0]?.content.split("\n")[1]).toBe(
    "# Generated: apponly pipeline --stack contoso --kind github-actions --platform linux --credential certificate --workload exchange --environment 'it'\\''s here'",
  );
});
