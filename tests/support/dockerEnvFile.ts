/**
 * The variables that `docker run --env-file` takes from a file: the value is everything behind the
 * first equals sign, quotes included; blank lines and lines that begin with # are left out.
 *
 * @throws {Error} If a name has whitespace, as Docker refuses it.
 * @see https://docs.docker.com/reference/cli/docker/container/run/#env
 */
export function readDockerEnvFile(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split("\n").map((one) => one.replace(/^\s+|\r$/g, ""))) {
    if (line === "" || line.startsWith("#")) {
      continue;
    }
    const at = line.indexOf("=");
    const name = at < 0 ? line : line.slice(0, at);
    if (name === "" || /\s/.test(name)) {
      throw new Error(`Docker refuses the variable "${name}".`);
    }
    if (at >= 0) {
      found[name] = line.slice(at + 1);
    }
  }
  return found;
}
