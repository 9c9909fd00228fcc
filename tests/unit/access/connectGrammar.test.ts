/**
 * The connect recipes as PowerShell's grammar reads them. The grammar is a published one, not
 * Microsoft's own parser; where the two differ, as on typographic quotes, the test says so.
 */
import fc from "fast-check";
import type { Node, Parser } from "web-tree-sitter";
import { type ConnectInput, connectRecipes } from "../../../access/connect/recipes";
import { literal } from "../../../access/connect/literal";
import { connectCmdlets } from "../../../access/connect/commands";
import { cloudNames } from "../../../components/catalog/clouds";
import { workloads } from "../../../components/catalog/workloads";
import { documentInput } from "../../support/connect";
import { keyInVault } from "../../support/pipelines";
import {
  callsOf,
  type CommandCall,
  plainValue,
  powershellParser,
  shapeOf,
  syntaxErrors,
  treeOf,
} from "../../support/powershell";
import { anyText } from "../../support/anyText";

let parser: Parser;

beforeAll(async () => {
  parser = await powershellParser();
});

describe("every script parses", () => {
  test.each(cloudNames)("in %s", (cloud) => {
    const recipes = connectRecipes({ ...documentInput, cloud });
    expect(recipes).toHaveLength(15);
    for (const { workload, method, script } of recipes) {
      expect([workload, method, syntaxErrors(parser, script)]).toEqual([workload, method, []]);
      expect(callsOf(treeOf(parser, script), connectCmdlets[workload])).toHaveLength(1);
    }
  });

  test.each(cloudNames)("by a key in a vault, which may be fetched or not, in %s", (cloud) => {
    for (const exportable of [true, false]) {
      const vault = { ...keyInVault, vault: { ...keyInVault.vault, exportable } };
      const certificate = { thumbprint: keyInVault.thumbprint, generation: "2026-11", vault };
      const recipes = connectRecipes({ ...documentInput, cloud, certificate, federated: false });
      const methods = recipes.map(({ method }) => method);
      expect(methods.filter((one) => one === "access-token-key-vault")).toHaveLength(2);
      expect(methods.includes("certificate-object-key-vault")).toBe(exportable);
      expect(methods).not.toContain("pfx-file");
      for (const { method, script } of recipes) {
        expect([method, syntaxErrors(parser, script)]).toEqual([method, []]);
      }
    }
  });

  test.each([
    ["an open string", (script: string) => script.replace('onmicrosoft.com"', "onmicrosoft.com")],
    ["an open block", (script: string) => script.replace(/\}\n$/, "\n")],
    ["a stray parenthesis", (script: string) => script.replace(/^ {4}Connect-/m, "    ) Connect-")],
  ])("and %s is noticed", (_, broken) => {
    for (const { script } of connectRecipes(documentInput)) {
      expect(broken(script)).not.toBe(script);
      expect(syntaxErrors(parser, broken(script))).not.toEqual([]);
    }
  });
});

describe("the document's six commands, value for value", () => {
  const application =
    '-AppID "36ee4c6c-0812-40a2-b820-b22ebd02bce3" -Organization "contosoelectronics.onmicrosoft.com"';
  const file =
    '-CertificateFilePath "C:\\Users\\johndoe\\Desktop\\automation-cert.pfx" -CertificatePassword (ConvertTo-SecureString -String "<MyPassword>" -AsPlainText -Force)';
  const original = {
    "pfx-file": `${file} ${application}`,
    thumbprint: `-CertificateThumbPrint "012THISISADEMOTHUMBPRINT" ${application}`,
    // The document writes <%X509Certificate2 Object%>, which is a place to fill in.
    "certificate-object": `-Certificate $certificate ${application}`,
  };

  test.each(
    workloads.flatMap((workload) =>
      (["pfx-file", "thumbprint", "certificate-object"] as const).map(
        (method) => [workload, method] as const,
      ),
    ),
  )("%s by %s", (workload, method) => {
    const cmdlet = connectCmdlets[workload];
    const recipe = connectRecipes(documentInput).find(
      (one) => one.workload === workload && one.method === method,
    );
    const [ours] = callsOf(treeOf(parser, recipe?.script ?? ""), cmdlet);
    const [theirs] = callsOf(treeOf(parser, `${cmdlet} ${original[method]}\n`), cmdlet);
    expect(ours?.name).toBe(theirs?.name);
    // Two differences: the password stands in the environment, not in the script, and no banner is shown.
    expect(valuesOf(ours)).toEqual([
      ...valuesOf(theirs).map(([name, value]) => [
        name,
        value?.replace('"<MyPassword>"', "$env:APPONLY_PFX_PASSWORD"),
      ]),
      ["showbanner", "$false"],
    ]);
  });

  function valuesOf(call: CommandCall | undefined): [string, string | undefined][] {
    expect(call?.positional).toEqual([]);
    return [...(call?.parameters ?? [])].map(([name, node]) => [name, plainValue(node)]);
  }
});

describe("hostile values stay inside their literals", () => {
  const nasty = fc.constantFrom(
    ..."\"'`$(){};|&@\\\n\r\0\u2018\u2019\u201a\u201b\u201c\u201d\u201e",
    '"; Remove-Item x; "',
    "$(Get-Secret)",
    "${env:APPONLY_PFX}",
    "`",
  );
  const hostile = fc
    .array(fc.oneof(nasty, anyText({ maxLength: 3 })), { maxLength: 12 })
    // The grammar takes # behind an escaped character for a comment, also inside a string.
    .map((parts) => parts.join("").replaceAll("#", ""))
    // A lone surrogate is not text, and nothing that is not text reaches a file.
    .filter((text) => !/\p{Surrogate}/u.test(text));

  const inputWith = (value: string): ConnectInput => ({
    ...documentInput,
    organization: value,
    applicationId: value,
    tenantId: value,
    certificate: { thumbprint: value, generation: "x", pfxPath: value },
    federatedCredentials: [
      { issuer: "https://token.actions.githubusercontent.com", audience: value },
      { issuer: "https://oidc.example.com" },
    ],
    managedIdentity: value,
  });

  test("the tree has one shape whatever the value is, also with quotes as PowerShell reads them", () => {
    const shapes = connectRecipes(inputWith("plain")).map(({ script }) => shapeOf(tree(script)));
    fc.assert(
      fc.property(hostile, (value) => {
        connectRecipes(inputWith(value)).forEach(({ script }, index) => {
          expect(shapeOf(tree(script))).toBe(shapes[index]);
          expect(shapeOf(tree(straightened(script)))).toBe(shapes[index]);
        });
      }),
      { numRuns: 60 },
    );
  });

  test("and PowerShell reads the very value", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const [call] = callsOf(tree(`Test-Value -Value ${literal(value)}\n`), "Test-Value");
        expect(plainValue(call?.parameters.get("value"))).toBe(value);
      }),
    );
  });

  test("without the escapes the shape does change", () => {
    const plain = shapeOf(tree('Test-Value -Value "plain"\n'));
    for (const value of ['a" b', "$(a)", "$a", "a\u201d b"]) {
      expect(shapeOf(tree(straightened(`Test-Value -Value "${value}"\n`)))).not.toBe(plain);
    }
  });

  function tree(script: string): Node {
    return treeOf(parser, script);
  }

  /** PowerShell takes typographic double quotes for straight ones; the grammar does not. */
  function straightened(script: string): string {
    return script.replace(/[\u201c\u201d\u201e]/g, '"');
  }
});
