/**
 * The sources that the Pulumi CLI is built from where they are not slow to start. Not proven here:
 * that Go builds them, which takes minutes; a machine without a CLI shows it with its first command.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisMachine } from "../../../toolchain/machine";
import { quickStart } from "../../../toolchain/quickStart";

const modules = ["github.com/nbutton23/zxcvbn-go", "github.com/ccojocar/zxcvbn-go"];
const matching = `package matching

func init() {
	loadFrequencyList()
}

func loadFrequencyList() {
	for n := range frequency.Lists {
	}
}
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-quick-"));
  mkdirSync(join(folder, "build"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Go's module cache with both modules, and what is made of it. */
function quickStartOf(matchingSource: string) {
  const told = modules.map((Path, index) => {
    const Dir = join(folder, `module${index}`);
    for (const [file, text] of Object.entries({
      "frequency/frequency.go": "package frequency\n\nfunc init() {\n}\n",
      "matching/matching.go": matchingSource,
    })) {
      mkdirSync(join(Dir, file, ".."), { recursive: true });
      writeFileSync(join(Dir, file), text, { mode: 0o444 });
    }
    const GoMod = join(folder, `${index}.mod`);
    writeFileSync(GoMod, `module ${Path}\n`);
    return JSON.stringify({ Path, Dir, GoMod }, undefined, "\t");
  });
  const stdout = `${told.join("\n")}\n`;
  const run = () => Promise.resolve({ code: 0, stdout, stderr: "" });
  return quickStart({ ...thisMachine, run }, "go", join(folder, "build"));
}

const built = (file: string) => readFileSync(join(folder, "build", file), "utf8");

test("the lists are read when a password is judged, and not when the CLI starts", async () => {
  expect(await quickStartOf(matching)).toEqual([`-modfile=${join(folder, "build/go.mod")}`]);
  for (const module of modules) {
    const copy = module.replaceAll("/", "_");
    expect(built(`${copy}/frequency/frequency.go`)).toContain("func Load() {");
    expect(built(`${copy}/matching/matching.go`)).toBe(
      "package matching\n\n\nfunc loadFrequencyList() {\n\tfrequency.Load()\n\tfor n := range frequency.Lists {\n\t}\n}\n",
    );
    expect(built(`${copy}/go.mod`)).toBe(`module ${module}\n`);
    expect(built("go.mod")).toContain(`replace ${module} => "${join(folder, "build", copy)}"`);
  }
  const here = join(__dirname, "../../../toolchain");
  expect(built("go.mod")).toContain(readFileSync(join(here, "go.mod"), "utf8"));
  expect(built("go.sum")).toBe(readFileSync(join(here, "go.sum"), "utf8"));
});

test("modules that are not as they are known are built as they are", async () => {
  expect(await quickStartOf(matching.replace("func init", "func first"))).toEqual([]);
});
