/**
 * Starts plugins without an engine, prints where they listen, and ends them with its own input: also
 * who is killed outright leaves no plugin behind.
 *
 * Usage: node keepPlugins.js NAME=PROGRAM…
 */
const { spawn } = require("node:child_process");

const started = process.argv.slice(2).map((argument) => {
  const [name, ...program] = argument.split("=");
  const child = spawn(program.join("="), { stdio: ["ignore", "pipe", "ignore"] });
  child.once("error", end).once("exit", end);
  // Like the engine's, the first line is the port.
  const port = new Promise((resolve) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(Number.parseInt(text, 10));
    });
  });
  return { name, child, port };
});

function end() {
  started.forEach(({ child }) => child.kill("SIGKILL"));
  process.exit(1);
}

process.stdin.resume().once("end", end).once("error", end);
Promise.all(started.map(async ({ name, port }) => `${name}:${await port}`)).then((addresses) =>
  process.stdout.write(`${addresses.join(",")}\n`),
);
