import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { certificatesIn, keyOfRequest, type PfxReader, run } from "./contract";

/**
 * NSS: imports into a new database, as Firefox and Chrome on Linux do, and signs a certificate
 * request with the imported key.
 */
export function nssReader(command: string): PfxReader {
  return {
    read({ folder, path, passwordPath }) {
      const folderOfDatabase = mkdtempSync(join(folder, "nss-"));
      const database = ["-d", `sql:${folderOfDatabase}`];
      try {
        run("certutil", ["-N", ...database, "--empty-password"]);
        const imported = run(command, ["-i", path, ...database, "-K", "", "-w", passwordPath]);
        // An entry without a name gets one from its subject, and pk12util says so.
        const madeUp = [...imported.matchAll(/using nickname: (.*)$/gm)].map(([, name]) => name);
        const entries = listing(run("certutil", ["-L", ...database]));
        const own = entries.find(({ trust }) => trust.includes("u"));
        if (own === undefined) {
          throw new Error("NSS imported no certificate with a private key.");
        }
        const certificate = (nickname: string) =>
          certificatesIn(run("certutil", ["-L", ...database, "-n", nickname, "-a"])).slice(0, 1);
        const request = run("certutil", [
          ...["-R", ...database, "-k", own.nickname, "-s", "CN=proof", "-a"],
          ...["-Z", "SHA256"],
        ]);
        const [first] = certificate(own.nickname);
        if (first === undefined) {
          throw new Error("NSS printed no certificate.");
        }
        return {
          key: { proven: keyOfRequest(request) },
          certificate: first,
          others: entries
            .filter((entry) => entry !== own)
            .flatMap(({ nickname }) => certificate(nickname)),
          friendlyName: madeUp.includes(own.nickname) ? undefined : own.nickname,
        };
      } finally {
        rmSync(folderOfDatabase, { recursive: true, force: true });
      }
    },
  };
}

/** Nickname and trust flags of each certificate in the table that `certutil -L` prints. */
function listing(table: string): { nickname: string; trust: string }[] {
  return [...table.matchAll(/^(.*?) +([a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*) *$/gm)]
    .map(([, nickname = "", trust = ""]) => ({ nickname, trust }))
    .filter(({ trust }) => trust !== "SSL,S/MIME,JAR/XPI");
}
