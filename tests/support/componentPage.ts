import { exchangePlugin } from "../../exchange/plugin";
import { componentSchema } from "./componentSchema";

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly description?: string;
}

interface ObjectType {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

interface Resource extends ObjectType {
  readonly isComponent?: boolean;
  readonly inputProperties?: Readonly<Record<string, Property>>;
  readonly requiredInputs?: readonly string[];
}

interface PackageSchema {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly types: Readonly<Record<string, ObjectType>>;
}

const nameIn = (token: string) => token.split(":").at(-1) ?? token;

function typeText({ type, $ref, items, additionalProperties }: Property): string {
  if ($ref !== undefined) {
    const name = nameIn($ref);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (items !== undefined) {
    return `list of ${typeText(items)}`;
  }
  return additionalProperties === undefined
    ? (type ?? "")
    : `${typeText(additionalProperties)} by name`;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\n+/g, " ");

function table(
  properties: Readonly<Record<string, Property>> = {},
  required: readonly string[] = [],
): string {
  const rows = Object.entries(properties).map(([name, property]) => {
    const type = `${typeText(property)}${required.includes(name) ? ", required" : ""}`;
    return `| \`${name}\` | ${type} | ${cell(property.description ?? "")} |`;
  });
  return ["| Name | Type | Meaning |", "|---|---|---|", ...rows].join("\n");
}

/** A description with its examples as Markdown has them. */
const described = (text = "") =>
  text
    .replace(/\{\{% \/?examples? %\}\}\n?/g, "")
    .replace("## Example Usage\n", "")
    .replace(/See (https:\S+)/g, "See <$1>")
    .trim();

function resourceText([token, resource]: [string, Resource]): string {
  const { description, inputProperties, requiredInputs, properties = {} } = resource;
  // A resource tells what it was given too.
  const told = Object.entries(properties).filter(
    ([name]) => resource.isComponent === true || inputProperties?.[name] === undefined,
  );
  return [
    `### ${nameIn(token)}`,
    described(description),
    "Arguments:",
    table(inputProperties, requiredInputs),
    ...(told.length === 0 ? [] : ["Outputs:", table(Object.fromEntries(told))]),
  ].join("\n\n");
}

function packageText({ resources, types }: PackageSchema): string {
  return [
    ...Object.entries(resources).map(resourceText),
    ...Object.entries(types).map(([token, { description = "", properties, required }]) =>
      [`### ${nameIn(token)}`, description, table(properties, required)]
        .filter((part) => part !== "")
        .join("\n\n"),
    ),
  ].join("\n\n");
}

/** The page docs/components.md: `npm run schemas` writes it. */
export function componentPage(): string {
  const exchange = JSON.parse(exchangePlugin().schema ?? "{}") as PackageSchema;
  return `# Components

What the packages for programs have, written from the docstrings of the components (\`npm run schemas\`). How to use them in each language is on [a page of its own](how-to/programs.md). A project that only has settings gives the arguments of \`ExchangeAppOnly\` as \`apponly:NAME\`: [configuration](reference.md#configuration).

## The package apponly

${packageText(componentSchema() as unknown as PackageSchema)}

## The package exchangeonline

Our provider for Exchange Online's role-based access control, which \`ExchangeAppOnly\` uses for \`exchangeRoles\` and \`complianceRoleGroups\`.

${packageText(exchange)}
`;
}
