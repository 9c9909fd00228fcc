/**
 * Runs a program in a Node that is new enough: in this process where it is, else in one that npm
 * fetches into its cache the first time. Written for every Node that can run npm.
 *
 * @example node bin/newerNode.js node_modules/jest/bin/jest.js
 */
const { execFileSync, spawn, spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");

const oldest = 22;
const fetched = "node@^24.21.0";
/** Where the Node that was fetched stands: asking npm takes half a second. */
const note = join(__dirname, "../node_modules/.cache/apponly/newerNode");

const sentence =
  `Node ${oldest} or newer is needed and this is ${process.versions.node}: ` +
  "npm fetches one into its cache when it is first used.";

const isNewEnough = Number(process.versions.node.split(".")[0]) >= oldest;

/** npm's own program: by its path, because a shell would be needed to start `npm` on Windows. */
function npmProgram() {
  const installed = [
    process.env.npm_execpath,
    join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js"),
    join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js"),
  ];
  return installed.find(
    (path) => path !== undefined && /npm-cli\.js$/.test(path) && existsSync(path),
  );
}

/** As in system/process.ts, which an old Node cannot load; npm's own settings stay. */
function withoutCredentials(environment) {
  const credential =
    /SECRET|PASSWO?R?D|PASSPHRASE|TOKEN|CREDENTIAL|PFX|CERTIFICATE|CONN(ECTION)?_?STR|WEBHOOK|BEARER|COOKIE|(PRIVATE|API|ACCESS|ACCOUNT|SIGNING|DEPLOY)_?KEY|AUTH_(CONFIG|SOCK)|_PWD$|(^|_)(KEY|SAS|PAT|PASS|JWT|DSN|AUTH)$|DATABASE_URL/i;
  const kept = Object.keys(environment).filter(
    (name) => !credential.test(name) || /^(npm_|node_auth_token$)/i.test(name),
  );
  return Object.fromEntries(kept.map((name) => [name, environment[name]]));
}

function fetchNode() {
  process.stderr.write(`Node ${process.versions.node} is too old: getting ${fetched} from npm\n`);
  const npm = npmProgram();
  const command = npm === undefined ? "npm" : process.execPath;
  const args = ["exec", "--yes", "--prefer-offline", "--ignore-scripts=false", "--loglevel=error"];
  const ask = ["--package", fetched, "--", "node", "--print", "process.execPath"];
  try {
    return execFileSync(command, [...(npm === undefined ? [] : [npm]), ...args, ...ask], {
      cwd: dirname(__dirname),
      // A package's own scripts run, and have no use for the secrets of a pipeline.
      env: withoutCredentials(process.env),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }).trim();
  } catch {
    process.stderr.write(`apponly: npm cannot get it. Install Node ${oldest} or newer.\n`);
    process.exit(1);
  }
}

/** The Node to run programs with. */
function newerNode() {
  if (isNewEnough) return process.execPath;
  try {
    const path = readFileSync(note, "utf8");
    if (existsSync(path)) return path;
  } catch {
    // None was fetched yet.
  }
  const path = fetchNode();
  try {
    mkdirSync(dirname(note), { recursive: true });
    writeFileSync(note, path);
  } catch {
    // Where nothing can be written, npm is asked each time.
  }
  return path;
}

/** Programs that are started in turn by their name find the newer Node too. */
function environment(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, [name]: [dirname(node), process.env[name]].join(separator) };
}

/** Runs a command line of Node's in a newer one; this process then ends as that one does. */
function runInNewerNode(args) {
  const node = newerNode();
  // The channel ends with this process, however it ends: the other one then ends too.
  const stdio = ["inherit", "inherit", "inherit", "ipc"];
  const child = spawn(node, args, { stdio, env: environment(node) });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = (signal) => {
    // A terminal has sent its interrupt to both.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const one of signals) process.off(one, forward);
    process.kill(process.pid, signal);
  });
}

/** Runs this process once more in a newer Node, for what is loaded in the middle of a program. */
function restartInNewerNode() {
  if (isNewEnough) return;
  const node = newerNode();
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync(node, args, { stdio: "inherit", env: environment(node) });
  process.exit(status ?? 1);
}

module.exports = { isNewEnough, restartInNewerNode, runInNewerNode };

if (require.main === module) {
  const [file, ...args] = process.argv.slice(2);
  if (file === undefined) {
    // Run by `npm ci`, which would warn of each package by itself.
    if (!isNewEnough) process.stdout.write(`${sentence}\n`);
  } else if (isNewEnough) {
    process.argv = [process.argv[0], resolve(file), ...args];
    void import(pathToFileURL(resolve(file)).href);
  } else {
    runInNewerNode([file, ...args]);
  }
}
