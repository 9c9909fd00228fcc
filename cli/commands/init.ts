import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import {
  clouds,
  cloudNames,
  type CloudName,
  otherCloudNames,
} from "../../components/catalog/clouds";
import { directoryRoles, findDirectoryRole } from "../../components/catalog/directoryRoles";
import { workloads } from "../../components/catalog/workloads";
import { connectDeployer } from "../../microsoft/deployer/session";
import { runInLanes } from "../../fleet/sideBySide";
import { firstNames, mostNamedStacks } from "../../system/firstNames";
import { endpointsFor } from "../../microsoft/endpoints";
import { discoverTenant } from "../../microsoft/tenantDiscovery";
import {
  checkStackName,
  environmentFileOf,
  newSettingsFile,
  type NewStack,
  writeNewProject,
  writeNewStack,
} from "../../operations/newStack";
import { findProject } from "../../operations/project";
import { Failure, UsageFailure } from "../../system/failure";
import { readText } from "../../system/readText";
import { parseCsv } from "../csv";
import type { InitDocument } from "../documents/init";
import { projectHere } from "../embeddedFolder";
import { failureOf } from "../errors";
import type { Io } from "../io";
import { type OptionsOf, filePathOption } from "../options";
import { tagIn } from "../stackChoice";
import { runStep } from "../steps";
import { didYouMean, useOneOf } from "../../system/didYouMean";
import { isGuid } from "../../system/guid";

const parser = () =>
  new Command()
    .option("-s, --stack <name>", "name of the new stack")
    .option("--tenant <domain>", "initial domain of the tenant, or its id")
    .addOption(new Option("--cloud <name>", "cloud of the tenant").choices(cloudNames))
    .addOption(
      new Option("--tag <key=value>", "tag of the stack; also several times").argParser(
        (text, before: Record<string, string> | undefined) => {
          const { key, value } = tagIn(text);
          return { ...before, [key]: value };
        },
      ),
    )
    .addOption(
      new Option("--workload <name...>", "where it differs from the project").choices(workloads),
    )
    .addOption(
      new Option(
        "--role <name...>",
        "directory roles, where they differ from the project",
      ).argParser((name, before?: string[]) => [...(before ?? []), roleNamed(name)]),
    )
    .addOption(
      new Option(
        "--from <file>",
        "CSV with a line for each stack: stack,tenant,cloud, and tag:KEY columns",
      )
        .argParser(filePathOption)
        .conflicts(["stack", "tenant"]),
    )
    .addOption(
      new Option(
        "--environment <project/name>",
        "environment of Pulumi ESC that the stacks import; also several times, the last one counts",
      ).argParser((name, before?: string[]) => [...(before ?? []), environmentNamed(name)]),
    )
    .option("--no-check", "do not ask Microsoft about the tenant; --tenant is its id then");

/** The name of a role that the settings take, as Microsoft writes it. */
function roleNamed(text: string): string {
  const role = findDirectoryRole(text);
  if (role === undefined) {
    const known = directoryRoles.map(({ name }) => name);
    throw new InvalidArgumentError(useOneOf(text, known));
  }
  return role.name;
}

/** @see https://www.pulumi.com/docs/esc/environments/working-with-environments/ */
function environmentNamed(text: string): string {
  if (!/^\w[\w.-]{0,99}\/\w[\w.-]{0,99}$/.test(text)) {
    throw new InvalidArgumentError(
      "It is not an environment. Write it as PROJECT/NAME, without the organization.",
    );
  }
  return text;
}

type InitOptions = OptionsOf<typeof parser>;

/** Makes `apponly init`. */
export const initCommand = (io: Io, run = makeStacks) =>
  parser().action((options) => run(options, io));

/** What a stack is made of, before its tenant is looked up. */
interface Wish {
  readonly stack: string;
  readonly tenant: string;
  readonly cloud: CloudName;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Makes the settings of a stack, or of many by a CSV: what is shared stays in the project's file,
 * which is made where there is none. All tenants are looked up before anything is written.
 */
async function makeStacks(options: InitOptions, io: Io): Promise<void> {
  const wishes =
    options.from === undefined ? [await askedFor(options, io)] : await wishesInCsv(options);
  const shared = {
    ...(options.workload === undefined ? {} : { workloads: options.workload }),
    ...(options.role === undefined ? {} : { directoryRoles: options.role }),
  };
  const existing = projectHere();
  const environments = options.environment ?? [];
  // The first one is what all share; those after it differ by ring, by region, and so on.
  const [environment] = existing === undefined ? environments : [];
  const all: string[] = [];
  const stacks = await runStep(
    io.progress,
    "Tenants",
    () =>
      lookUp(
        wishes,
        { settings: existing === undefined ? {} : shared, environments },
        options.check,
      ),
    (found) => `${found.length} found`,
  );
  if (existing === undefined) {
    const month = new Date().toISOString().slice(0, 7);
    const written = await writeNewProject(
      process.cwd(),
      {
        displayName: "ExO PowerShell CBA",
        workloads: ["exchange"],
        directoryRoles: ["Exchange Administrator"],
        certificates: [{ name: month, subject: "CN=ExO PowerShell CBA", validityDays: 365 }],
        ...shared,
      },
      environment,
    );
    all.push(...written);
    await io.out(written.map((file) => `${file}\n`).join(""));
  }
  const project = existing ?? findProject();
  const files = stacks.map((one) => [newSettingsFile(project, one.stack), one] as const);
  for (const [file, stack] of files) {
    await writeNewStack(file, stack);
    all.push(file);
    await io.out(`${file}\n`);
  }
  await checkDeployers(stacks, options.check, io);
  const [first] = stacks;
  const next = [
    ...(environment !== undefined
      ? [
          "npm install",
          "pulumi login",
          `pulumi env init ${environment} --file ${environmentFileOf(environment)}`,
        ]
      : existing === undefined
        ? ["npm install", "npm test"]
        : []),
    ...(stacks.length === 1 && first !== undefined
      ? [`apponly review --stack ${first.stack}`, `apponly up --stack ${first.stack}`]
      : ["apponly review --all", "apponly up --all --yes"]),
  ];
  io.err(
    `Next:\n${next.map((command) => `  ${command}\n`).join("")}The update makes what the backend lacks. Where a key in a vault is to encrypt secrets, write secretsprovider: URL into the settings before.\n`,
  );
  const answer: InitDocument = {
    version: 1,
    files: all,
    stacks: files.map(([settingsFile, { stack, tenant }]) => ({
      stack,
      tenantId: tenant.id,
      settingsFile,
    })),
  };
  await io.answer(answer);
}

async function askedFor(options: InitOptions, { ask }: Io): Promise<Wish> {
  const answer = async (given: string | undefined, option: string, question: string) => {
    const text = given ?? (await ask?.(`${question} `))?.trim();
    if (text === undefined || text === "") {
      throw new UsageFailure(`${question} Say it with ${option}.`);
    }
    return text;
  };
  const tenant = await answer(options.tenant, "--tenant", "Which tenant (initial domain)?");
  const stack = await answer(options.stack, "--stack", "What is the stack's name?");
  return { stack, tenant, cloud: options.cloud ?? "global", tags: options.tag ?? {} };
}

/** Columns besides those that begin with `tag:`. */
const csvColumns = ["stack", "tenant", "cloud"];

/** The stacks that a CSV names; all that is wrong with it is said at once. */
async function wishesInCsv({ from = "", cloud, tag = {} }: InitOptions): Promise<Wish[]> {
  const text = await readText(from).catch(() => {
    throw new UsageFailure(`--from "${from}" cannot be read. Name a CSV file.`);
  });
  const { columns, rows, faults: all } = parseCsv(text);
  const faults = [...all];
  if (text.includes("\uFFFD")) {
    faults.push('holds letters in an old encoding. Save it as "CSV UTF-8".');
  }
  for (const name of columns.filter((one) => !csvColumns.includes(one) && !/^tag:./.test(one))) {
    faults.push(
      `the column "${name}" is not known: there are stack, tenant, cloud and tag:KEY. ${didYouMean(name, csvColumns)}Correct its name, or take it out.`,
    );
  }
  const lines = new Map<string, number>();
  const wishes = rows.map(({ line, values }): Wish => {
    const { stack = "", tenant = "", cloud: own = "" } = values;
    if (stack === "" || tenant === "") {
      faults.push(
        `line ${line}, has no stack or no tenant. Its first line names the columns stack and tenant.`,
      );
    }
    // Some file systems know no capitals.
    const before = lines.get(stack.toLowerCase());
    lines.set(stack.toLowerCase(), line);
    if (stack !== "" && before !== undefined) {
      faults.push(
        `has the stack "${stack}" twice, in the lines ${before} and ${line}. Name each once.`,
      );
    }
    const named = cloudNames.find((name) => name === own.toLowerCase());
    if (own !== "" && named === undefined) {
      faults.push(
        `line ${line}: cloud "${own}" is not a cloud. ${useOneOf(own, cloudNames, otherCloudNames)}`,
      );
    }
    const tags = Object.entries(values).flatMap(([key, value]) =>
      key.startsWith("tag:") && value !== "" ? [[key.slice(4), value] as const] : [],
    );
    return {
      stack,
      tenant,
      cloud: named ?? cloud ?? "global",
      tags: { ...tag, ...Object.fromEntries(tags) },
    };
  });
  if (wishes.length === 0) {
    faults.push("has no stacks. Write a line for each below the column names.");
  }
  if (faults.length > 0) {
    const more = faults.length - mostCsvFaults;
    throw new UsageFailure(
      [
        ...faults
          .slice(0, mostCsvFaults)
          .map((fault) => `--from "${from}"${/^(line|the) /.test(fault) ? "," : ""} ${fault}`),
        ...(more > 0 ? [`And ${more} more like these.`] : []),
        "Nothing was written.",
      ].join("\n"),
    );
  }
  return wishes;
}

/** A table of another kind has a fault in each line. */
const mostCsvFaults = 20;

const lookUpsAtOnce = 10;

/** Looks up every tenant, and says all that is wrong at once. */
async function lookUp(
  wishes: readonly Wish[],
  ofAll: Pick<NewStack, "settings" | "environments">,
  check: boolean,
): Promise<NewStack[]> {
  const project = projectHere();
  const looked = await runInLanes(wishes, lookUpsAtOnce, async (wish) => {
    const { stack, tenant, cloud, tags } = wish;
    try {
      checkStackName(stack);
      if (project !== undefined) {
        newSettingsFile(project, stack);
      }
      const found = check
        ? await discoverTenant(tenant, endpointsFor(clouds[cloud], process.env))
        : { id: tenantIdIn(tenant) };
      const initial = clouds[cloud].organizationSuffixes.some((end) => tenant.endsWith(end));
      const organization = initial ? tenant : undefined;
      return { stack, tenant: found, cloud, organization, tags, ...ofAll };
    } catch (error) {
      return failureOf(error);
    }
  });
  const faults = looked.filter((one) => one instanceof Failure);
  if (faults.length > 0) {
    // What keeps all of them from being looked up is said once.
    const texts = [...new Set(faults.map(({ message }) => message))];
    const codes = faults.map(({ exitCode }) => exitCode);
    throw new Failure(`${texts.join("\n")}\nNothing was written.`, Math.min(...codes));
  }
  return looked.flatMap((one) => (one instanceof Failure ? [] : [one]));
}

function tenantIdIn(tenant: string): string {
  if (!isGuid(tenant)) {
    throw new UsageFailure(
      `"${tenant}" is not the id of a tenant. Give its id, or leave --no-check out.`,
    );
  }
  return tenant;
}

/** Says where the deployer cannot sign in: that can be mended afterwards, and stops nothing. */
async function checkDeployers(stacks: readonly NewStack[], check: boolean, io: Io): Promise<void> {
  const reasons = new Map<string, string[]>();
  await runInLanes(check ? stacks : [], lookUpsAtOnce, async ({ stack, tenant, cloud }) => {
    const settings = { tenantId: tenant.id, environment: clouds[cloud].azureadEnvironment };
    try {
      await (await connectDeployer(settings, process.env)).token();
    } catch (error) {
      const reason = failureOf(error).message;
      reasons.set(reason, [...(reasons.get(reason) ?? []), stack]);
    }
  });
  for (const [reason, some] of reasons) {
    io.err(
      `The deployer of ${firstNames(some, mostNamedStacks)} cannot sign in yet: ${reason} See docs/how-to/deployer.md.\n`,
    );
  }
}
