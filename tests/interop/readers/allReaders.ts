import {
  findKeytool,
  findNss,
  findOpenssl,
  findPythonCryptography,
  type Tool,
} from "../../support/externalTools";
import type { PfxReader } from "./contract";
import { keytoolReader } from "./keytool";
import { nodeForgeReader } from "./nodeForge";
import { nodeTlsReader } from "./nodeTls";
import { nssReader } from "./nss";
import { opensslReader } from "./openssl";
import { pythonReader } from "./python";

/** A reader, or how to get the program it needs. */
export interface NamedReader {
  name: string;
  tool: Tool;
  reader: (command: string) => PfxReader;
}

/** Every reader the tests know. */
export function allReaders(): NamedReader[] {
  const here = (version: string): Tool => ({ command: process.execPath, version });
  return [
    { name: "OpenSSL", tool: findOpenssl(), reader: opensslReader },
    { name: "Java keytool", tool: findKeytool(), reader: keytoolReader },
    { name: "Python cryptography", tool: findPythonCryptography(), reader: pythonReader },
    { name: "NSS pk12util", tool: findNss(), reader: nssReader },
    { name: "Node TLS", tool: here(process.version), reader: () => nodeTlsReader },
    { name: "node-forge", tool: here("in process"), reader: () => nodeForgeReader },
  ];
}
