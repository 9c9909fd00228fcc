import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { send } from "../../../microsoft/http";
import { readPfx } from "../../../components/pkcs12/readPfx";
import type { Workload } from "../../../components/catalog/workloads";
import type { Surroundings, Value } from "./evaluate";
import { ExchangeModule, type HandedOver } from "./module";

/** A certificate with its key, as Windows' store or .NET holds it. */
interface HeldCertificate {
  readonly Thumbprint: string;
  readonly PSPath: string;
  readonly HasPrivateKey: boolean;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly Dispose: () => void;
}

/** What a machine has besides PowerShell. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly endpoints: ConstructorParameters<typeof ExchangeModule>[0];
  /** What an address of Microsoft's or GitHub's stands for on this machine. */
  readonly address: (url: string) => string;
  /** The Azure CLI: its arguments by name. */
  readonly az?: (parameters: ReadonlyMap<string, Value>) => Promise<string>;
  /** The token that Azure hands to a resource with a managed identity. */
  readonly managedIdentity?: () => Promise<string>;
  /** A certificate asset of Azure Automation. */
  readonly asset?: { readonly name: string; readonly pfx: string; readonly password: string };
}

/** What a run has left, for assertions. */
export interface Traces {
  readonly module: ExchangeModule;
  /** The user's certificate store, by thumbprint. */
  readonly store: ReadonlyMap<string, HeldCertificate>;
  /** Thumbprints of objects that were disposed of. */
  readonly disposed: readonly string[];
  /** Files that were written, and are to be gone. */
  readonly written: readonly string[];
  readonly installed: readonly string[];
}

/** A machine with PowerShell's commands as far as the scripts use them. */
export function machine(setup: Machine): { surroundings: Surroundings; traces: Traces } {
  const module = new ExchangeModule(setup.endpoints);
  const store = new Map<string, HeldCertificate>();
  const disposed: string[] = [];
  const written: string[] = [];
  const installed: string[] = [];

  const openPfx = (pfx: string, password: string): HeldCertificate => {
    const content = readPfx(pfx, password);
    const { fingerprint } = new X509Certificate(content.certificatePem);
    const Thumbprint = fingerprint.replaceAll(":", "");
    return {
      ...content,
      Thumbprint,
      PSPath: `Cert:\\CurrentUser\\My\\${Thumbprint}`,
      HasPrivateKey: true,
      Dispose: () => disposed.push(Thumbprint),
    };
  };

  const credentialOf = async (parameters: ReadonlyMap<string, Value>): Promise<HandedOver> => {
    const text = (name: string) => parameters.get(name) as string | undefined;
    const [accessToken, path, thumbprint] = [
      text("accesstoken"),
      text("certificatefilepath"),
      text("certificatethumbprint"),
    ];
    if (accessToken !== undefined) {
      return { accessToken };
    }
    if (path !== undefined) {
      const password = (parameters.get("certificatepassword") as { secure: string }).secure;
      return openPfx(readFileSync(path).toString("base64"), password);
    }
    if (thumbprint !== undefined) {
      const found = store.get(thumbprint);
      if (found === undefined) {
        throw new Error(`The user's store has no certificate ${thumbprint}.`);
      }
      return found;
    }
    if (parameters.has("managedidentity") && setup.managedIdentity !== undefined) {
      return { accessToken: await setup.managedIdentity() };
    }
    return parameters.get("certificate") as HeldCertificate;
  };
  const connect = (workload: Workload) => async (parameters: ReadonlyMap<string, Value>) =>
    module.connect(
      workload,
      parameters.get("organization") as string,
      parameters.get("appid") as string | undefined,
      await credentialOf(parameters),
    );

  const surroundings: Surroundings = {
    environment: setup.environment,
    edition: "Core",
    commands: {
      "connect-exchangeonline": connect("exchange"),
      "connect-ippssession": connect("compliance"),
      "disconnect-exchangeonline": () => module.disconnect(),
      "get-organizationconfig": () => module.invoke("exchange", "Get-OrganizationConfig"),
      "get-dlpcompliancepolicy": () => module.invoke("compliance", "Get-DlpCompliancePolicy"),
      "format-list": (_, __, input) => input,
      "format-table": (_, __, input) => input,
      "where-object": (parameters, _, input) =>
        [input].flat().filter((one) => (one as Record<string, Value>)[propertyNamed(parameters)]),
      "select-object": (_, __, input) => [input].flat()[0],
      "convertto-securestring": (parameters) => ({ secure: parameters.get("string") }),
      "join-path": (parameters) =>
        join(parameters.get("path") as string, parameters.get("childpath") as string),
      "resolve-path": (parameters) => ({ ProviderPath: parameters.get("literalpath") }),
      "get-content": (parameters) => readFileSync(parameters.get("literalpath") as string, "utf8"),
      "remove-item": (parameters) => {
        const path = parameters.get("literalpath") as string;
        if (path.startsWith("Cert:")) {
          store.delete(path.split("\\").at(-1) ?? "");
        } else {
          rmSync(path, { force: true });
        }
      },
      "import-pfxcertificate": (parameters) => {
        const path = parameters.get("filepath") as string;
        const { secure } = parameters.get("password") as { secure: string };
        const imported = openPfx(readFileSync(path).toString("base64"), secure);
        store.set(imported.Thumbprint, imported);
        return [imported];
      },
      "get-automationcertificate": (parameters) =>
        parameters.get("name") === setup.asset?.name && setup.asset !== undefined
          ? openPfx(setup.asset.pfx, setup.asset.password)
          : undefined,
      "get-module": () => undefined,
      "install-module": (parameters) => {
        installed.push(
          `${String(parameters.get("name"))} ${String(parameters.get("requiredversion"))}`,
        );
      },
      "import-module": () => undefined,
      az: (parameters) => setup.az?.(parameters),
      "invoke-restmethod": async (parameters) => {
        const body = parameters.get("body") as Record<string, string> | undefined;
        const form = body === undefined ? {} : { body: new URLSearchParams(body).toString() };
        const answer = await send(setup.address(parameters.get("uri") as string), {
          method: parameters.get("method") === "Post" ? "POST" : "GET",
          headers: {
            ...(parameters.get("headers") as Record<string, string> | undefined),
            ...(body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
          },
          ...form,
          ...(setup.endpoints.extraCaPem === undefined
            ? {}
            : { extraCaPem: setup.endpoints.extraCaPem }),
        });
        if (answer.status !== 200) {
          throw new Error(`HTTP ${answer.status}: ${answer.body}`);
        }
        return JSON.parse(answer.body) as Value;
      },
    },
    statics: {
      "[system.convert]::frombase64string": (text: Value) => Buffer.from(text as string, "base64"),
      "[system.uri]::escapedatastring": (text: Value) => encodeURIComponent(text as string),
      "[system.io.file]::readallbytes": (path: Value) => readFileSync(path as string),
      "[system.io.file]::writeallbytes": (path: Value, bytes: Value) => {
        writeFileSync(path as string, bytes as Buffer);
        written.push(path as string);
      },
      "[system.security.cryptography.x509certificates.x509keystorageflags]::defaultkeyset": 0,
      "[system.security.cryptography.x509certificates.x509certificate2]::new": (
        bytes: Value,
        password: Value,
      ) => openPfx((bytes as Buffer).toString("base64"), password as string),
    },
  };
  return { surroundings, traces: { module, store, disposed, written, installed } };
}

function propertyNamed(parameters: ReadonlyMap<string, Value>): string {
  return String(parameters.get("property"));
}

/** Whether nothing that a run made is left. */
export function leftOver({ module, store, written }: Traces): string[] {
  return [
    ...module.connected.map((workload) => `a session with ${workload}`),
    ...[...store.keys()].map((thumbprint) => `the certificate ${thumbprint}`),
    ...written.filter((path) => existsSync(path)),
  ];
}
