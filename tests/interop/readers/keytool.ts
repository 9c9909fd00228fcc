import { certificatesIn, keyOfRequest, type PfxReader, run } from "./contract";

/** Java's keytool. It does not hand keys over, so it signs a certificate request with the key. */
export function keytoolReader(command: string): PfxReader {
  return {
    read({ path, passwordPath }) {
      const store = ["-keystore", path, "-storetype", "PKCS12", "-storepass:file", passwordPath];
      const language = ["-J-Duser.language=en", "-J-Dstdout.encoding=UTF-8"];
      // A machine that lives for half a second is not worth compiling for.
      const brief = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"];
      const listing = run(command, ["-list", "-rfc", ...store, ...language, ...brief]);
      const alias = /^Alias name: (.*)$/m.exec(listing)?.[1];
      const [certificate, ...others] = certificatesIn(listing);
      if (alias === undefined || certificate === undefined) {
        throw new Error("keytool listed no entry.");
      }
      if (!listing.includes("Entry type: PrivateKeyEntry")) {
        throw new Error("keytool found the certificate but no private key for it.");
      }
      const request = run(command, ["-certreq", "-alias", alias, ...store, ...language, ...brief]);
      // An entry without a name is listed under its number.
      const friendlyName = alias === "1" ? undefined : alias;
      return { key: { proven: keyOfRequest(request) }, certificate, others, friendlyName };
    },
  };
}
