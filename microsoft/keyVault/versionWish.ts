import type { TokenCredential } from "@azure/core-auth";
import type { VaultSource } from "../../components/catalog/vaults";
import type { Pause } from "../../system/retry";

/** The parts of a subject, and the one way to write it. */
export interface VersionSubject {
  /** As X.500 writes it: `CN=contoso.org, O=Contoso`. */
  readonly text: string;
  /** Values by their short names, in order. */
  readonly parts: readonly (readonly [shortName: string, value: string])[];
  readonly dnsNames: readonly string[];
}

/** Which version of a certificate is wanted, and how one is made. */
export interface VersionWish {
  readonly source: VaultSource;
  readonly vault: string;
  readonly certificate: string;
  readonly exportable: boolean;
  /** Absent: a certificate of the vault goes by its own policy. */
  readonly subject?: VersionSubject | undefined;
  readonly keyBits: number;
  readonly validityMonths: number;
  readonly validityDays: number;
  /** Versions that the stack has already. */
  readonly known: ReadonlySet<string>;
  /** A version that is there already is taken only where it is valid for longer than this. */
  readonly outlives: Date;
  /** Asked just before something is made; what it throws ends it. */
  readonly confirm: (question: string) => Promise<void>;
  readonly credential?: TokenCredential;
  readonly pause?: Pause;
}

/** A version of a certificate in a vault. */
export interface VaultVersion {
  /** 32 hexadecimal digits. */
  readonly version: string;
  /** Public certificate, base64 of a `.cer` file. */
  readonly cer: string;
  /** Whether it was made now; otherwise it was there. */
  readonly isMade: boolean;
}
