import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { isUsable, makeTlsMaterial, type TlsMaterial } from "../network/authority";
import type { Ports } from "../network/listeners";
import type { MakeKey } from "../rsaKey";
import type { Tenants } from "../state/tenants";
import { restoreTenants, stateDocument, type StateDocument, stateVersion } from "./stateDocument";

/** Where a simulator keeps what outlives it. */
export interface Storage {
  readonly tls: TlsMaterial;
  /** Ports of the last start, or 0. */
  readonly ports: Ports;
  /** Puts kept tenants back. */
  restore(tenants: Tenants): void;
  /** From now on changes are kept. */
  start(ports: Ports, tenants: Tenants): void;
  /** To be told of every change. */
  changed(): void;
  /** Keeps what is not kept yet. Throws when it could not be written. */
  close(): Promise<void>;
}

const anyPorts: Ports = { http: 0, https: 0, proxy: 0 };

/** How long changes are collected before they are written, in milliseconds. */
const delay = 100;

/**
 * Opens the storage of a simulator.
 *
 * @param stateFile The state file, for example `tenant.json`; the certificate authority lies
 * beside it, in `tenant.tls.json`. Undefined: nothing is kept.
 */
export async function openStorage(
  stateFile: string | undefined,
  makeKey: MakeKey,
): Promise<Storage> {
  if (stateFile === undefined) {
    return memoryStorage(await makeTlsMaterial(makeKey));
  }
  const [document, tls] = await Promise.all([
    readStateFile(stateFile),
    openTls(stateFile, makeKey),
  ]);
  return fileStorage(stateFile, document, tls);
}

function memoryStorage(tls: TlsMaterial): Storage {
  return {
    tls,
    ports: anyPorts,
    restore: () => undefined,
    start: () => undefined,
    changed: () => undefined,
    close: () => Promise.resolve(),
  };
}

function fileStorage(
  stateFile: string,
  document: StateDocument | undefined,
  tls: TlsMaterial,
): Storage {
  let current: (() => string) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dirty = false;
  let failure: unknown;
  let writing: Promise<void> = Promise.resolve();

  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (current === undefined || !dirty) {
      return;
    }
    dirty = false;
    const content = current();
    writing = writing
      .then(() => writeAtomically(stateFile, content))
      .then(
        () => {
          failure = undefined;
        },
        (problem: unknown) => {
          failure = problem;
        },
      );
  };
  const changed = (): void => {
    dirty = true;
    timer ??= setTimeout(write, delay).unref();
  };

  return {
    tls,
    ports: { ...anyPorts, ...document?.ports },
    restore: (tenants) => {
      if (document !== undefined) {
        restoreTenants(document, tenants);
      }
    },
    start: (ports, tenants) => {
      current = () => `${JSON.stringify(stateDocument(tenants, ports))}\n`;
      changed();
    },
    changed,
    close: async () => {
      write();
      await writing;
      if (failure !== undefined) {
        throw new Error(
          `stateFile '${stateFile}' could not be written; check that its folder exists and is writable`,
          { cause: failure },
        );
      }
    },
  };
}

async function readStateFile(stateFile: string): Promise<StateDocument | undefined> {
  const content = await readIfThere(stateFile);
  if (content === undefined) {
    return undefined;
  }
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    throw new Error(`stateFile '${stateFile}' is not JSON; move it away to start afresh`);
  }
  const { version } = document as { version?: unknown };
  if (version !== stateVersion) {
    throw new Error(
      `stateFile '${stateFile}' has version '${String(version)}', this simulator reads version ${stateVersion}; move it away to start afresh`,
    );
  }
  return document as StateDocument;
}

async function openTls(stateFile: string, makeKey: MakeKey): Promise<TlsMaterial> {
  const file = `${stateFile.replace(/\.json$/, "")}.tls.json`;
  const content = await readIfThere(file);
  if (content !== undefined) {
    try {
      const kept = JSON.parse(content) as TlsMaterial;
      if (isUsable(kept)) {
        return kept;
      }
    } catch {
      // Damaged material is made anew below, like material that is over.
    }
  }
  const made = await makeTlsMaterial(makeKey);
  await writeAtomically(file, `${JSON.stringify(made)}\n`);
  return made;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (problem) {
    if ((problem as { code?: string }).code === "ENOENT") {
      return undefined;
    }
    throw problem;
  }
}

/**
 * Writes a file so that whoever reads it sees the old content or the new one, never a part, and
 * that only its owner can read it (mode 0600).
 */
async function writeAtomically(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (problem) {
    await rm(temporary, { force: true });
    throw problem;
  }
}
