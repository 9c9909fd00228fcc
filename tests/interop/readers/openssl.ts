import { createPrivateKey } from "node:crypto";
import { certificatesIn, type PfxReader, run, untold } from "./contract";

/** OpenSSL's command line, without `-legacy`. The key stays in the pipe. */
export function opensslReader(command: string): PfxReader {
  return {
    read({ path, passwordPath }) {
      const text = run(command, [
        "pkcs12",
        "-in",
        path,
        "-passin",
        `file:${passwordPath}`,
        "-nodes",
      ]);
      const [certificate, ...others] = certificatesIn(text);
      const key = /-----BEGIN PRIVATE KEY-----[\s\S]*-----END PRIVATE KEY-----/.exec(text)?.[0];
      if (certificate === undefined || key === undefined) {
        throw new Error("OpenSSL printed no certificate or no key.");
      }
      const privateKey = createPrivateKey(key).export({ type: "pkcs1", format: "der" });
      // The name is printed, but for people: outside of ASCII it depends on the terminal.
      return { key: { given: privateKey }, certificate, others, friendlyName: untold };
    },
  };
}
