import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "./machine";

/**
 * Modules that read lists of passwords and names whenever the CLI starts, for a warning of
 * `pulumi config set` and `esc env set`: more than half of what a start takes.
 */
const slowModules = ["github.com/nbutton23/zxcvbn-go", "github.com/ccojocar/zxcvbn-go"];

/** What is replaced in their files, so that the lists are read when a password is judged. */
const edits: readonly { file: string; from: string; to: string }[] = [
  { file: "frequency/frequency.go", from: "func init() {", to: "func Load() {" },
  {
    file: "matching/matching.go",
    // It reads them by itself where they are not there yet.
    from: "func init() {\n\tloadFrequencyList()\n}\n",
    to: "",
  },
  {
    file: "matching/matching.go",
    from: "func loadFrequencyList() {\n",
    to: "func loadFrequencyList() {\n\tfrequency.Load()\n",
  },
];

/** What `go mod download -json` tells of a module. */
interface DownloadedModule {
  readonly Path: string;
  readonly Dir: string;
  readonly GoMod: string;
}

/**
 * Writes a `go.mod` that builds the CLI with copies of the {@link slowModules} that are not slow,
 * into an empty folder. Go has checked by `go.sum` what is copied.
 *
 * @returns Arguments for `go build`; none where the modules are not as they are known.
 * @see https://go.dev/ref/mod#go-mod-file-replace
 */
export async function quickStart(machine: Machine, go: string, folder: string): Promise<string[]> {
  const { code, stdout } = await machine.run(go, ["mod", "download", "-json", ...slowModules], {
    cwd: __dirname,
  });
  if (code !== 0) {
    return [];
  }
  const modules = JSON.parse(
    `[${stdout.trim().replace(/\n\}\s*\{/g, "\n},{")}]`,
  ) as DownloadedModule[];
  const replacements: string[] = [];
  for (const one of modules) {
    const copy = join(folder, one.Path.replaceAll("/", "_"));
    if (!(await copyEdited(one, copy))) {
      return [];
    }
    replacements.push(`replace ${one.Path} => ${JSON.stringify(copy)}`);
  }
  const modfile = join(folder, "go.mod");
  const text = await readFile(join(__dirname, "go.mod"), "utf8");
  await writeFile(modfile, [text, ...replacements, ""].join("\n"));
  await cp(join(__dirname, "go.sum"), join(folder, "go.sum"));
  return [`-modfile=${modfile}`];
}

/** @returns Whether every edit found its place. */
async function copyEdited({ Dir, GoMod }: DownloadedModule, copy: string): Promise<boolean> {
  await mkdir(copy, { recursive: true });
  const files = await readdir(Dir, { recursive: true, withFileTypes: true });
  for (const one of files.filter((file) => file.isFile())) {
    const place = join(copy, one.parentPath.slice(Dir.length));
    await mkdir(place, { recursive: true });
    await writeFile(join(place, one.name), await readFile(join(one.parentPath, one.name)));
  }
  await writeFile(join(copy, "go.mod"), await readFile(GoMod));
  for (const { file, from, to } of edits) {
    const path = join(copy, file);
    const text = await readFile(path, "utf8").catch(() => "");
    if (!text.includes(from)) {
      return false;
    }
    await writeFile(path, text.replace(from, to));
  }
  return true;
}
