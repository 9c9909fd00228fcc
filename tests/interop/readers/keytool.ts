import { join } from "node:path";
import { LineProcess } from "../../support/lineProcess";
import { certificatesIn, keyOfRequest, type PfxReader, RefusedError } from "./contract";

/**
 * Java's keytool, in one machine for a test file, because the start of one takes longer than all that
 * is asked of it. It does not hand keys over, so it signs a certificate request with the key.
 */
export function keytoolReader(command: string): PfxReader {
  const java = new LineProcess(command, [
    "--add-opens=java.base/sun.security.tools.keytool=ALL-UNNAMED",
    "-Duser.language=en",
    // A machine that lives for seconds is not worth compiling for.
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    join(__dirname, "Keytool.java"),
  ]);
  const keytool = async (...args: readonly string[]) => {
    const line = args.map((one) => Buffer.from(one).toString("base64")).join(" ");
    const [code, encoded = ""] = (await java.ask(line)).split(" ");
    const output = Buffer.from(encoded, "base64").toString();
    if (code !== "0") {
      throw new RefusedError(`keytool ended with ${code}: ${output.slice(0, 300)}`);
    }
    return output;
  };
  return {
    async read({ path, passwordPath }) {
      const store = ["-keystore", path, "-storetype", "PKCS12", "-storepass:file", passwordPath];
      await keytool("-list", "-debug", ...store);
      // Now that it opens: -debug would print certificates in another form.
      const listing = await keytool("-list", "-rfc", ...store);
      const alias = /^Alias name: (.*)$/m.exec(listing)?.[1];
      const [certificate, ...others] = certificatesIn(listing);
      if (alias === undefined || certificate === undefined) {
        throw new Error("keytool listed no entry.");
      }
      if (!listing.includes("Entry type: PrivateKeyEntry")) {
        throw new Error("keytool found the certificate but no private key for it.");
      }
      const request = await keytool("-certreq", "-debug", "-alias", alias, ...store);
      // An entry without a name is listed under its number.
      const friendlyName = alias === "1" ? undefined : alias;
      return { key: { proven: keyOfRequest(request) }, certificate, others, friendlyName };
    },
    close: () => java.close(),
  };
}
