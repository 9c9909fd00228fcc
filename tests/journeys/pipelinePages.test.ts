/**
 * The pages about pipelines under docs/how-to: the settings they show are those of the stack, every
 * `apponly pipeline` on them is run as it stands, by a shell, and writes the very files that the
 * page shows. Not proven here: what people do in a platform's own pages.
 */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { cacheDirectory, thisMachine } from "../../toolchain/machine";
import type { Ended } from "../support/command";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { pipelineStack } from "../support/pipelines";

const root = join(__dirname, "../..");
const pages = [
  "github-actions",
  "azure-devops",
  "azure-automation",
  "jenkins",
  "gitlab",
  "cron",
] as const;

interface Block {
  readonly language: string;
  readonly text: string;
}

let journey: Journey;
let stack: JourneyStack;
let home: string;
let ids: { tenantId: string; applicationId: string };

beforeAll(async () => {
  const settings = (await Promise.all(pages.map(blocksOf)))
    .flat()
    .filter(({ language, text }) => language === "yaml" && text.startsWith("config:"))
    .map(({ text }) => parse(text).config as Record<string, unknown[]>);
  expect(settings).toHaveLength(4);
  journey = await startJourney();
  stack = await journey.stack("contoso", {
    ...exampleConfiguration,
    federatedCredentials: settings.flatMap((one) => one["apponly:federatedCredentials"] ?? []),
  });
  await stack.up();
  ids = (await stack.outputs()) as unknown as typeof ids;
});

afterAll(() => journey.close());

beforeEach(async () => {
  home = await mkdtemp(join(journey.directory, "home-"));
});

async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(join(root, "docs/how-to", `${page}.md`), "utf8");
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = "", language = "", block = ""]) => ({
      language,
      text: block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

/** Runs a page's block in the stack's folder, by a shell. */
function run(block: string): Promise<Ended> {
  return journey.script(block, stack.workDirectory, environment());
}

/** Runs `apponly pipeline`, its options parted by spaces. */
function pipeline(options: string, folder = stack.workDirectory): Promise<Ended> {
  return journey.apponly(["pipeline", ...options.split(" ")], folder, environment());
}

const environment = () => ({
  ...journey.environment,
  HOME: home,
  // Kept outside the folder that stands for the home: what is built once is not built again.
  APPONLY_CACHE_DIR: cacheDirectory(thisMachine),
});

/** A file that was written, with the ids that the pages show. */
async function asOnPage(path: string): Promise<string> {
  const text = await readFile(resolve(stack.workDirectory, path), "utf8");
  return text
    .replaceAll(ids.tenantId, pipelineStack.tenantId)
    .replaceAll(ids.applicationId, pipelineStack.applicationId);
}

test.each(pages)("%s.md", async (page) => {
  const blocks = await blocksOf(page);
  let compared = 0;
  for (const [index, { language, text }] of blocks.entries()) {
    if (language !== "sh") {
      continue;
    }
    expect(text).toMatch(/^apponly pipeline [^\n]+\n$/);
    const { code, stdout, stderr } = await run(text);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const written = stdout.trim().split("\n");
    for (const [offset, path] of written.entries()) {
      expect(await asOnPage(path)).toBe(blocks[index + 1 + offset]?.text);
      compared += 1;
    }
  }
  const shown = blocks.filter(
    ({ language, text }) =>
      ["yaml", "groovy", "powershell", "bash", "crontab"].includes(language) &&
      !text.startsWith("config:"),
  );
  expect(compared).toBe(shown.length);
  expect(compared).toBeGreaterThan(0);
});

describe("apponly pipeline", () => {
  const cron = "--stack contoso --kind cron";

  test("writes over nothing without --force, and then writes nothing", async () => {
    const folder = join(home, "job");
    expect((await pipeline(`${cron} --out ${folder}`)).code).toBe(0);
    expect((await stat(join(folder, "apponly-contoso.sh"))).mode & 0o777).toBe(0o755);
    await rm(join(folder, "apponly-contoso.sh"));
    const { code, stderr } = await pipeline(`${cron} --out ${folder}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining("is there already")]);
    await expect(stat(join(folder, "apponly-contoso.sh"))).rejects.toThrow("ENOENT");
    expect((await pipeline(`${cron} --out ${folder} --force`)).code).toBe(0);
  });

  test("prints without --out: one file as it is, several with their paths", async () => {
    const one = await pipeline("--stack contoso --kind jenkins");
    expect(one.stdout).toMatch(/^\/\/ Connects to [\s\S]*\n\}\n$/);
    expect((await pipeline(cron)).stdout).toMatch(/^==> apponly-contoso\.sh <==\n#!\/bin\/sh\n/);
  });

  test.each([
    ["--kind travis", /'travis' is invalid\. Allowed choices are github-actions, azure-devops,/],
    ["--kind cron --workload compliance", /no access to Security & Compliance PowerShell/],
  ])("%s is refused with exit code 2", async (options, message) => {
    const { code, stdout, stderr } = await pipeline(`--stack contoso ${options}`);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(message)]);
  });

  test("a stack that was never updated has no pipeline", async () => {
    const fresh = await journey.stack("fresh", exampleConfiguration);
    const { code, stderr } = await pipeline("--stack fresh --kind cron", fresh.workDirectory);
    expect([code, stderr]).toEqual([1, expect.stringContaining("apponly up --stack fresh")]);
  });
});
