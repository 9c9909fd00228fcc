import { createHash } from "node:crypto";
import { shortenText, visibleText } from "../system/visibleText";
import { decodedKey, encodedText } from "./marker";

/** What tells a ticket from every other, and what may close it. */
export interface TicketMark {
  /** Tells the tickets of several projects in one repository apart, see {@link commentKey}. */
  readonly project: string;
  readonly stack: string;
  /** The same for the same finding in every run: hexadecimal digits. */
  readonly key: string;
  /** Commands that have found it. */
  readonly foundBy: readonly string[];
}

/** What is to stand in a ticket. */
export interface TicketText {
  readonly title: string;
  /** What it is about, in a sentence. */
  readonly about: string;
  /** Names and values, for a list. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** A ticket that is to be open. */
export interface WantedTicket extends TicketMark, TicketText {}

/** A ticket of this program, as the forge has it. */
export interface StoredTicket extends TicketMark {
  readonly id: number;
  /** What {@link digestOfTicket} gave when it was written. */
  readonly digest: string;
  /** `declined`: somebody has closed it for good, whatever is found. */
  readonly status: "open" | "closed" | "declined";
}

/** The tickets of this program on a forge, by mark and author. */
export interface TicketStore {
  /** All of them, closed ones too, oldest first. */
  list(): Promise<readonly StoredTicket[]>;
  create(ticket: WantedTicket): Promise<void>;
  /** Replaces the text, and opens it where it is closed. */
  rewrite(before: StoredTicket, ticket: WantedTicket): Promise<void>;
  /** @param duplicateOf The ticket that stays; left out, what it is about is gone. */
  close(ticket: StoredTicket, duplicateOf?: StoredTicket): Promise<void>;
}

/** Said at the end of each ticket. */
export const ticketWay =
  "apponly keeps this ticket: it is closed when the finding is gone, and opened again when it comes back.";

/** Longest title of a work item; of an issue it is one more. */
const longestTicketTitle = 255;

/** The title in one line, as long as every forge takes it. */
export function titleOfTicket({ title }: WantedTicket): string {
  return shortenText(visibleText(title), longestTicketTitle);
}

/** What tells the text of a ticket from another: forges change what they store. */
export function digestOfTicket({ title, about, facts, foundBy }: WantedTicket): string {
  return createHash("sha256")
    .update(JSON.stringify([title, about, facts, foundBy]))
    .digest("hex")
    .slice(0, 16);
}

/** The words by which a ticket is known again; none of them is out of a tenant as it stands there. */
export function markOfTicket(ticket: WantedTicket): string {
  const { project, stack, foundBy, key } = ticket;
  const by = foundBy.map(encodedText).join(",");
  return `apponly-ticket project=${project} stack=${encodedText(stack)} by=${by} key=${key} text=${digestOfTicket(ticket)}`;
}

const ticketMark =
  /apponly-ticket project=([\w.%]{1,300}) stack=([\w.%]{1,900}) by=([\w.%,]{1,200}) key=([0-9a-f]{8,64}) text=([0-9a-f]{16})(?![0-9a-f])/;

/** Reads the words that {@link markOfTicket} made; nothing where there are none. */
export function readTicketMark(text: string): (TicketMark & { digest: string }) | undefined {
  const [, project = "", stack = "", by = "", key = "", digest = ""] = ticketMark.exec(text) ?? [];
  return key === ""
    ? undefined
    : { project, stack: decodedKey(stack), foundBy: by.split(",").map(decodedKey), key, digest };
}
