/**
 * The schema of the component package, from which SDKs of every language are generated, written from
 * the types and docstrings of the components: `npm run schemas`.
 *
 * Only the text of the files is read: everything that a schema can say stands there, and types take
 * the compiler seconds.
 *
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { sdkLanguages } from "../../toolchain/pluginProtocol/sdkLanguages";

const root = join(__dirname, "../..");

/** The components, with the example of each in YAML. */
export const components = {
  ExchangeAppOnly: { file: "exchangeAppOnly", example: "exchange-app-only" },
  WorkloadGrants: { file: "workloadGrants", example: "workload-grants" },
  CertificateCredential: { file: "certificateCredential", example: "certificate-credential" },
} as const;

type Json = Record<string, unknown>;

const sources = new Map<string, ts.SourceFile>();

function sourceOf(name: string): ts.SourceFile {
  const file = join(root, "components", `${name}.ts`);
  const known = sources.get(name);
  const source =
    known ?? ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  sources.set(name, source);
  return source;
}

/** What a docstring says: its text, and its tags by name. */
function docsOf(node: ts.Node): { text: string; tags: Record<string, string> } {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tags = docs.flatMap(({ tags: all = [] }) =>
    all.map((tag) => {
      const written = tag
        .getText()
        .replace(/^@\w+/, "")
        .replace(/^[ \t]*\* ?/gm, "");
      return [tag.tagName.text, written.trim()] as const;
    }),
  );
  const text = docs.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join("\n\n");
  return {
    text: text.replace(/\{@link (\w+)\}/g, "`$1`").replace(/(?<!\n)\n(?!\n)/g, " "),
    tags: Object.fromEntries(tags),
  };
}

/** A docstring as the description of a property. */
function descriptionOf(node: ts.Node): string {
  const { text, tags } = docsOf(node);
  const asCode = (one: string) => (/^[["\d]/.test(one) ? `\`${one}\`` : one);
  return [
    text,
    ...(tags.default === undefined ? [] : [`Default: ${asCode(tags.default)}.`]),
    ...(tags.example === undefined ? [] : [`For example ${asCode(tags.example)}.`]),
    ...(tags.see === undefined ? [] : [`See ${tags.see}`]),
  ].join(" ");
}

const typeToken = (name: string) => `apponly:index:${name.replace(/Args$/, "")}`;

/** Collects the object types that properties name, as they are met. */
class Types {
  readonly collected: Record<string, Json> = {};

  /** @param given Whether it is a property that programs give, where what is plain is told apart. */
  typeOf(type: ts.TypeNode, given: boolean): Json {
    const plain = given ? { plain: true } : {};
    if (ts.isArrayTypeNode(type)) {
      const items = this.typeOf(type.elementType, given);
      if (items.$ref !== undefined) {
        // The generator of Go leaves out the types of plain items.
        delete items.plain;
      }
      return { type: "array", items, ...plain };
    }
    if (ts.isTypeReferenceNode(type)) {
      const name = type.typeName.getText();
      const [first, second] = type.typeArguments ?? [];
      if (/^pulumi\.(Input|Output)$/.test(name) && first !== undefined) {
        const { plain: _plain, ...inner } = this.typeOf(first, given);
        return inner;
      }
      if (name === "Readonly" && first !== undefined) {
        return this.typeOf(first, given);
      }
      if (name === "Record" && second !== undefined) {
        return { type: "object", additionalProperties: this.typeOf(second, given), ...plain };
      }
      if (name in components) {
        return { $ref: this.componentAsType(name as keyof typeof components) };
      }
      // A program elsewhere has the ids of a component's own resources.
      return name.startsWith("azuread.")
        ? { type: "string" }
        : { $ref: this.argsAsType(name), ...plain };
    }
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string", ...plain };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean", ...plain };
      case ts.SyntaxKind.NumberKeyword:
        // Of days and bits, which are whole.
        return { type: "integer", ...plain };
      default:
        throw new Error(`A schema cannot say ${type.getText()}.`);
    }
  }

  private argsAsType(name: string): string {
    const token = typeToken(name);
    if (this.collected[token] === undefined) {
      const declared = interfaceOf(name);
      this.collected[token] = { type: "object" };
      this.collected[token] = {
        type: "object",
        description: descriptionOf(declared),
        ...this.membersOf(declared),
      };
    }
    return `#/types/${token}`;
  }

  /** What a component tells, as the value of another one's property. */
  private componentAsType(name: keyof typeof components): string {
    const token = typeToken(name.replace(/Credential$/, ""));
    const declared = classOf(name);
    const { properties, required } = this.outputsOf(declared);
    const description = docsOf(declared).text;
    this.collected[token] ??= { type: "object", description, properties, required };
    return `#/types/${token}`;
  }

  membersOf(declared: ts.InterfaceDeclaration): { properties: Json; required: string[] } {
    const members = declared.members.filter(ts.isPropertySignature);
    return {
      properties: Object.fromEntries(
        members.map((one) => {
          const type = one.type && this.typeOf(one.type, true);
          return [one.name.getText(), { ...type, description: descriptionOf(one) }];
        }),
      ),
      required: members
        .filter(({ questionToken }) => questionToken === undefined)
        .map(({ name }) => name.getText()),
    };
  }

  outputsOf(declared: ts.ClassDeclaration): { properties: Json; required: string[] } {
    const members = declared.members.filter(
      (one): one is ts.PropertyDeclaration | ts.GetAccessorDeclaration =>
        (ts.isPropertyDeclaration(one) &&
          one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PublicKeyword) === true) ||
        ts.isGetAccessor(one),
    );
    return {
      properties: Object.fromEntries(
        members.map((one) => {
          const description = descriptionOf(one);
          const type = one.type && this.typeOf(one.type, false);
          // Values are secret themselves. Marked here too, the SDK for Java would not compile: its
          // options of a component know no secret outputs.
          return [one.name.getText(), { ...type, description }];
        }),
      ),
      required: members
        .filter((one) => !(ts.isPropertyDeclaration(one) && one.questionToken !== undefined))
        .map(({ name }) => name.getText()),
    };
  }
}

function declarationOf<Kind extends ts.DeclarationStatement>(
  file: string,
  name: string,
  isOne: (node: ts.Statement) => node is Kind,
): Kind {
  const found = sourceOf(file)
    .statements.filter(isOne)
    .find((one) => one.name?.getText() === name);
  if (found === undefined) {
    throw new Error(`components/${file}.ts declares no ${name}.`);
  }
  return found;
}

const interfaceOf = (name: string) => declarationOf("args", name, ts.isInterfaceDeclaration);
const classOf = (name: keyof typeof components) =>
  declarationOf(components[name].file, name, ts.isClassDeclaration);

/** An example as the Registry and the SDKs' documentation show it. */
function exampleText(typescript: string, yaml: string): string {
  return [
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    `\`\`\`typescript\n${typescript}\n\`\`\``,
    `\`\`\`yaml\n${yaml}\`\`\``,
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}

/** The resources of an example: its settings are its own. */
function yamlOf(example: string): string {
  const text = readFileSync(join(root, "examples", example, "Pulumi.yaml"), "utf8");
  return /^resources:\n(?: .*\n)+/m.exec(text)?.[0] ?? "";
}

/** The schema of the component package, without its version. */
export function componentSchema(): Json {
  const types = new Types();
  const resources = Object.entries(components).map(([name, { example }]) => {
    const declared = classOf(name as keyof typeof components);
    const { text, tags } = docsOf(declared);
    const given = types.membersOf(interfaceOf(`${name}Args`));
    const description = [
      text,
      ...(tags.see === undefined ? [] : [`See ${tags.see}`]),
      exampleText(tags.example ?? "", yamlOf(example)),
    ].join("\n\n");
    return [
      `apponly:index:${name}`,
      {
        isComponent: true,
        description,
        ...types.outputsOf(declared),
        inputProperties: given.properties,
        requiredInputs: given.required,
      },
    ] as const;
  });
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Json;
  return {
    name: manifest.name,
    displayName: "App-only access to Exchange Online",
    description: manifest.description,
    keywords: ["category/cloud", "kind/component"],
    homepage: manifest.homepage,
    repository: "https://github.com/apponly/apponly",
    license: manifest.license,
    publisher: manifest.name,
    meta: { moduleFormat: "(.*)" },
    config: {},
    provider: {},
    resources: Object.fromEntries(resources),
    types: types.collected,
    language: sdkLanguages("apponly"),
  };
}
