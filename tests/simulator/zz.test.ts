import { makeTlsMaterial } from "../../simulator/network/authority";
import { makeSigningKey } from "../../simulator/entra/signingKey";
import { makeCertificate } from "../support/certificates";
import { test } from "@jest/globals";
test("x", async () => {
  for (let i = 0; i < 3; i++) {
  let t = performance.now(); await makeTlsMaterial(); const a = performance.now()-t;
  t = performance.now(); await makeSigningKey(); const b = performance.now()-t;
  t = performance.now(); makeCertificate({commonName: "x"}); const c = performance.now()-t;
  process.stdout.write(`tls ${a|0} sign ${b|0} cert ${c|0}\n`);
  }
});
