/**
 * How the tools are found, on a machine that the test describes. Not proven here: a real build of
 * the Pulumi CLI and the official installer; every journey uses a CLI that was really found or built.
 */
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectToolchain } from "../../../toolchain/inspect";
import { prepareEngine } from "../../../toolchain/toolchain";
import { runnableRoot } from "../../../toolchain/pulumiCli";
import {
  cacheDirectory,
  findOnPath,
  type Machine,
  reachesDownloads,
  thisMachine,
} from "../../../toolchain/machine";
import type { RunResult } from "../../../system/process";
import { isAtLeast, oldestPulumiVersion, pluginVersion } from "../../../toolchain/versions";

const azuread = pluginVersion("azuread");
const tls = pluginVersion("tls");
const cached = "/home/me/.cache/apponly/pulumi-3.259.0-linux-x64/bin/pulumi";

interface Description {
  files?: string[];
  environment?: NodeJS.ProcessEnv;
  reachable?: boolean;
  platform?: NodeJS.Platform;
  answers?: Record<string, Partial<RunResult>>;
}

/** A machine on which only what is described exists. A program that is not described is an error. */
function machine(description: Description): Machine & { ran: string[] } {
  const ran: string[] = [];
  const files = new Set(description.files);
  return {
    ran,
    platform: description.platform ?? "linux",
    architecture: "x64",
    environment: { PATH: "/usr/bin", ...description.environment },
    home: "/home/me",
    node: "/opt/node/bin/node",
    isExecutable: (path) => files.has(path),
    identityOf: () => undefined,
    run: (command, args) => {
      const line = [command, ...args].join(" ");
      ran.push(line);
      const key = Object.keys(description.answers ?? {}).find((one) => line.startsWith(one));
      if (key === undefined) {
        throw new Error(`The test describes no answer to: ${line}`);
      }
      const answer = description.answers?.[key];
      return Promise.resolve({ code: 0, stdout: "", stderr: "", ...answer });
    },
    reaches: () => Promise.resolve(description.reachable ?? false),
  };
}

const steps = () => {
  const said: string[] = [];
  return {
    said,
    start: (title: string) => ({
      progress: () => undefined,
      done: (detail = "") => said.push(`${title}: ${detail}`),
      fail: (reason: string) => said.push(`${title} failed: ${reason}`),
    }),
  };
};

const prepare = (description: Description, embeddedTenant = true) =>
  prepareEngine({ steps: steps(), embeddedTenant, machine: machine(description) });

const onPath = {
  files: ["/usr/bin/pulumi"],
  answers: { "/usr/bin/pulumi version": { stdout: "v3.240.0\n" } },
};

describe("the Pulumi CLI", () => {
  test("the Pulumi CLI is taken from PATH when it is new enough", async () => {
    expect((await prepare(onPath)).pulumi).toEqual({
      command: "/usr/bin/pulumi",
      root: "/usr",
      version: "3.240.0",
      source: "path",
    });
  });

  test("a Pulumi CLI outside a folder called bin, or under another name, is started through one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "apponly-root-"));
    const here = { ...thisMachine, environment: { APPONLY_CACHE_DIR: folder } };
    // Any program shows it; this one is everywhere.
    const root = await runnableRoot(here, process.execPath);
    expect(root.startsWith(folder)).toBe(true);
    const name = process.platform === "win32" ? "pulumi.cmd" : "pulumi";
    const started = await thisMachine.run(join(root, "bin", name), ["-p", "'a b'.length"]);
    expect(started).toMatchObject({ code: 0, stdout: "3\n" });
    await rm(folder, { recursive: true, force: true });
  });

  test("a Pulumi CLI is asked for its version once, and again when it is another one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "apponly-version-"));
    const environment = { APPONLY_CACHE_DIR: folder };
    /** In a process of its own, as it were. */
    const versionIn = async (identity: string | undefined, stdout: string) => {
      const { files } = onPath;
      const answers = { "/usr/bin/pulumi version": { stdout } };
      const here = { ...machine({ files, environment, answers }), identityOf: () => identity };
      const { pulumi } = await prepareEngine({
        steps: steps(),
        embeddedTenant: true,
        machine: here,
      });
      return pulumi.version;
    };
    expect(await versionIn("the first", "v3.240.0\n")).toBe("3.240.0");
    expect(await versionIn("the first", "v3.250.0\n")).toBe("3.240.0");
    expect(await versionIn("another", "v3.250.0\n")).toBe("3.250.0");
    expect(await versionIn(undefined, "v3.251.0\n")).toBe("3.251.0");
    await rm(folder, { recursive: true, force: true });
  });

  test("what a version manager starts by a script or a link cannot be told apart", async () => {
    const folder = await mkdtemp(join(tmpdir(), "apponly-identity-"));
    const [program, script, shim] = ["node", "script", "pulumi"].map((name) => join(folder, name));
    await copyFile("/bin/sh", program ?? "");
    await writeFile(script ?? "", "#!/bin/sh\n");
    await symlink(program ?? "", shim ?? "");
    const [first, ...others] = [program, script, shim, join(folder, "missing")].map((path) =>
      thisMachine.identityOf(path ?? ""),
    );
    expect(first).toContain(program);
    expect(others).toEqual([undefined, undefined, undefined]);
    await appendFile(program ?? "", "another version");
    expect(thisMachine.identityOf(program ?? "")).not.toBe(first);
    await rm(folder, { recursive: true, force: true });
  });

  test("the Pulumi CLI that APPONLY_PULUMI names is used, or refused with the remedy", async () => {
    const pulumiNamed = (stdout: string) => ({
      environment: { APPONLY_PULUMI: "/opt/pulumi/bin/pulumi" },
      answers: { "/opt/pulumi/bin/pulumi version": { stdout } },
    });
    expect((await prepare(pulumiNamed("v3.250.0\n"))).pulumi).toMatchObject({
      root: "/opt/pulumi",
    });
    await expect(prepare(pulumiNamed(""))).rejects.toThrow(
      `APPONLY_PULUMI "/opt/pulumi/bin/pulumi" is not a Pulumi CLI ${oldestPulumiVersion} or newer: it tells no version. Correct the path, or unset it`,
    );
    await expect(prepare(pulumiNamed("v3.100.0\n"))).rejects.toThrow("or newer: 3.100.0.");
  });

  test("the Pulumi CLI is taken from the cache when the one on PATH is too old", async () => {
    const { pulumi } = await prepare({
      files: ["/usr/bin/pulumi", cached],
      answers: {
        "/usr/bin/pulumi version": { stdout: "v3.100.0\n" },
        [`${cached} version`]: { stdout: "v3.259.0\n" },
      },
    });
    expect(pulumi).toMatchObject({ command: cached, source: "cache" });
  });

  test("without any way to one, the error names all three and what became of them", async () => {
    await expect(prepare({})).rejects.toThrow(
      [
        "There is not a Pulumi CLI, and no way to get one.",
        " - PATH has no pulumi.",
        " - The official installer at get.pulumi.com cannot be reached.",
        " - It cannot be built: Go is not on PATH.",
        "Install Pulumi 3.186.0 or newer and put it on PATH, or allow access to get.pulumi.com, or install Go 1.26 or newer.",
      ].join("\n"),
    );
  });

  test("a Go that is too old is named", async () => {
    await expect(
      prepare({
        files: ["/usr/bin/go"],
        answers: { "/usr/bin/go env": { stdout: "go1.21.4\n" } },
      }),
    ).rejects.toThrow("It cannot be built: go1.21.4 is older than 1.26.0, which the module needs.");
  });
});

describe("the plugins", () => {
  const kinds = async (description: Description, embeddedTenant = true) =>
    (await prepare({ ...onPath, ...description }, embeddedTenant)).plugins.map(
      ({ name, kind, reason }) => `${name} ${kind}: ${reason}`,
    );
  const installed = [
    "/usr/bin/pulumi",
    `/home/me/.pulumi/plugins/resource-azuread-v${azuread}/pulumi-resource-azuread`,
    `/home/me/.pulumi/plugins/resource-tls-v${tls}/pulumi-resource-tls`,
  ];

  test("plugins are the official ones where they are installed", async () => {
    expect(await kinds({ files: installed })).toEqual([
      "azuread official: installed",
      "tls official: installed",
    ]);
  });

  test("plugins of another version do not count", async () => {
    expect(
      await kinds({
        files: [
          "/usr/bin/pulumi",
          "/home/me/.pulumi/plugins/resource-azuread-v6.0.0/pulumi-resource-azuread",
        ],
      }),
    ).toEqual([
      "azuread stand-in: the official one cannot be downloaded here",
      "tls stand-in: the official one cannot be downloaded here",
    ]);
  });

  test("plugins are downloaded where the downloads can be reached", async () => {
    const files = ["/usr/bin/pulumi"];
    const described = machine({ ...onPath, files, reachable: true });
    const run = described.run.bind(described);
    const downloading: Machine = {
      ...described,
      isExecutable: (path) => files.includes(path),
      run: (command, args) => {
        if (args[0] !== "plugin") {
          return run(command, args);
        }
        files.push(
          `/home/me/.pulumi/plugins/resource-${args[3]}-v${args[4]}/pulumi-resource-${args[3]}`,
        );
        return Promise.resolve({ code: 0, stdout: "", stderr: "" });
      },
    };
    const { plugins } = await prepareEngine({
      steps: steps(),
      embeddedTenant: true,
      machine: downloading,
    });
    expect(plugins.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      "azuread downloaded",
      "tls downloaded",
    ]);
  });

  test("on macOS and Windows the embedded tenant has the azuread stand-in", async () => {
    const reason =
      "azuread stand-in: Go ignores SSL_CERT_FILE on this platform, so the official one cannot trust the simulator";
    expect(await kinds({ files: installed, platform: "darwin" })).toEqual([
      reason,
      "tls official: installed",
    ]);
  });

  test("against a real tenant plugins are never stand-ins", async () => {
    await expect(kinds({}, false)).rejects.toThrow(
      `The official azuread plugin ${azuread} is neither installed nor can it be downloaded from get.pulumi.com.`,
    );
    expect(await kinds({ reachable: true }, false)).toEqual([
      "azuread official: the engine downloads it",
      "tls official: the engine downloads it",
    ]);
    await expect(kinds({ environment: { APPONLY_PLUGINS: "stand-in" } }, false)).rejects.toThrow(
      "serves only the embedded tenant",
    );
  });

  test("which plugins are taken follows APPONLY_PLUGINS", async () => {
    expect(await kinds({ files: installed, environment: { APPONLY_PLUGINS: "stand-in" } })).toEqual(
      [
        "azuread stand-in: asked for by APPONLY_PLUGINS",
        "tls stand-in: asked for by APPONLY_PLUGINS",
      ],
    );
    await expect(kinds({ environment: { APPONLY_PLUGINS: "official" } })).rejects.toThrow(
      "is neither installed nor can it be downloaded",
    );
    await expect(kinds({ environment: { APPONLY_PLUGINS: "both" } })).rejects.toThrow(
      'APPONLY_PLUGINS "both" is not a choice of plugins. Use auto, official or stand-in, or leave it unset.',
    );
  });

  test("an official plugin comes before the folder of the stand-ins on PATH", async () => {
    const { environment } = await prepare({
      files: ["/usr/bin/pulumi", "/opt/plugins/pulumi-resource-azuread"],
      environment: { PATH: "/usr/bin:/opt/plugins" },
      answers: onPath.answers,
    });
    const folders = (environment.PATH ?? "").split(":");
    const standIns = folders.findIndex((folder) => folder.endsWith("toolchain/standIns/bin"));
    expect(folders[0]).toBe("/opt/node/bin");
    expect(standIns).toBeGreaterThan(0);
    expect(folders.indexOf("/opt/plugins")).toBeLessThan(standIns);
  });
});

test("a cache that cannot be written is told, with the variable that names another", async () => {
  const APPONLY_CACHE_DIR = join(__filename, "cache");
  const answers = { "/usr/bin/go env": { stdout: "go1.26.1\n" } };
  const given = { files: ["/usr/bin/go"], environment: { PATH: "/usr/bin", APPONLY_CACHE_DIR } };
  await expect(prepare({ ...given, answers })).rejects.toThrow(
    `It cannot be built: the cache ${APPONLY_CACHE_DIR} cannot be written (ENOTDIR). Name another folder by APPONLY_CACHE_DIR.`,
  );
  const report = await inspectToolchain(machine({ ...given, answers }));
  expect(report.find(({ tool }) => tool === "Cache")).toMatchObject({
    ready: false,
    detail: expect.stringContaining("name another folder by APPONLY_CACHE_DIR"),
  });
});

test("what a build has left that was killed is removed by the next one", async () => {
  const APPONLY_CACHE_DIR = await mkdtemp(join(tmpdir(), "apponly-cache-"));
  const bin = join(APPONLY_CACHE_DIR, "pulumi-3.259.0-linux-x64/bin");
  await mkdir(bin, { recursive: true });
  for (const name of ["pulumi.4194305.partial", "pulumi.building", "pulumi.partial", "other"]) {
    await writeFile(join(bin, name), "");
  }
  const answers = {
    "/usr/bin/go env": { stdout: "go1.26.1\n" },
    "/usr/bin/go build": { code: 1, stderr: "write: no space left on device" },
    "/usr/bin/go": { code: 1 },
  };
  const given = { files: ["/usr/bin/go"], environment: { PATH: "/usr/bin", APPONLY_CACHE_DIR } };
  await expect(prepare({ ...given, answers })).rejects.toThrow("no space left on device");
  expect((await readdir(bin)).sort()).toEqual(["other", "pulumi.partial"]);
  await rm(APPONLY_CACHE_DIR, { recursive: true });
});

test("the report says what is there without changing anything", async () => {
  const described = machine({
    ...onPath,
    environment: { PATH: "/usr/bin", APPONLY_CACHE_DIR: tmpdir() },
    files: ["/usr/bin/pulumi", "/usr/bin/go"],
    answers: { ...onPath.answers, "/usr/bin/go env": { stdout: "go1.26.1\n" } },
  });
  const report = await inspectToolchain(described);
  expect(report.map(({ tool, ready, version }) => [tool, ready, version])).toEqual([
    ["Node", true, process.versions.node],
    ["Go", true, "1.26.1"],
    ["Pulumi CLI", true, "3.240.0"],
    ["Plugin azuread", false, azuread],
    ["Plugin tls", false, tls],
    ["Pulumi's downloads", false, undefined],
    ["Cache", true, undefined],
  ]);
  expect(described.ran).toEqual(["/usr/bin/go env GOVERSION", "/usr/bin/pulumi version"]);
});

test.each([
  ["3.259.0", "3.150.0", true],
  ["3.150.0", "3.150.0", true],
  ["3.149.9", "3.150.0", false],
  ["go1.26.8", "1.26.0", true],
  ["go1.26", "1.26.0", true],
  ["4.0", "3.150.0", true],
  ["devel", "3.150.0", false],
])("version %s is known to be at least %s or not: %s", (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});

describe("the network", () => {
  test("the network is asked for three seconds at most, through the proxy where one is set", async () => {
    const asked: unknown[] = [];
    const asking = (environment: NodeJS.ProcessEnv): Machine => ({
      ...machine({ environment }),
      reaches: (...address) => {
        asked.push(address);
        return Promise.resolve(true);
      },
    });
    await reachesDownloads(asking({}), "get.pulumi.com");
    await reachesDownloads(
      asking({ https_proxy: "http://proxy.contoso.org:8080" }),
      "get.pulumi.com",
    );
    await reachesDownloads(
      asking({ HTTPS_PROXY: "http://proxy.contoso.org:8080", NO_PROXY: "pulumi.com" }),
      "get.pulumi.com",
    );
    expect(asked).toEqual([
      ["get.pulumi.com", 443, 3000],
      ["proxy.contoso.org", 8080, 3000],
      ["get.pulumi.com", 443, 3000],
    ]);
  });

  test("the network is there where somebody listens, and not where nobody does", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    expect(await thisMachine.reaches("127.0.0.1", port, 3000)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await thisMachine.reaches("127.0.0.1", port, 3000)).toBe(false);
  });
});

describe("on Windows", () => {
  const windows = (files: string[], environment: NodeJS.ProcessEnv = {}) => ({
    ...machine({ files, platform: "win32" }),
    environment: { Path: "C:\\bin;C:\\tools", ...environment },
    home: "C:\\Users\\me",
  });
  const pathInTools = (file: string) => join("C:\\tools", file);

  test("programs are found by their extensions, in Path as Windows writes it", () => {
    expect(findOnPath(windows([pathInTools("pulumi.exe")]), "pulumi")).toBe(
      pathInTools("pulumi.exe"),
    );
    expect(findOnPath(windows([pathInTools("pulumi.cmd")]), "pulumi")).toBe(
      pathInTools("pulumi.cmd"),
    );
    expect(findOnPath(windows([pathInTools("pulumi")]), "pulumi")).toBeUndefined();
  });

  test("the cache is below LOCALAPPDATA", () => {
    expect(cacheDirectory(windows([], { LOCALAPPDATA: "C:\\Local" }))).toBe(
      join("C:\\Local", "apponly"),
    );
  });

  test("the engine's PATH is separated by semicolons", async () => {
    const described = windows([pathInTools("pulumi.exe")], { APPONLY_CACHE_DIR: tmpdir() });
    const { environment, plugins } = await prepareEngine({
      steps: steps(),
      embeddedTenant: true,
      machine: {
        ...described,
        run: () => Promise.resolve({ code: 0, stdout: "v3.240.0\n", stderr: "" }),
      },
    });
    expect(environment.PATH?.split(";").slice(-2)).toEqual(["C:\\bin", "C:\\tools"]);
    expect(plugins.map(({ location }) => location.endsWith(".cmd"))).toEqual([true, true]);
  });
});
