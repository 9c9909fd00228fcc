import { Command } from "@commander-js/extra-typings";
import { type DiagnosisCode, diagnosisCodes, errorTable } from "../../access/verify/errorTable";
import { codesOfText } from "../../access/verify/symptoms";
import { errorCodesPage } from "../../policy/rules/data/pages";
import { didYouMean } from "../../system/didYouMean";
import { Failure } from "../../system/failure";
import { hangingIndent } from "../hangingIndent";
import { explainEngineText } from "../knownFailures";
import type { ExplainDocument } from "../documents/explain";
import type { Io } from "../io";
import { formatOption, type OptionsOf } from "../options";

const parser = () =>
  new Command()
    .argument(
      "<code or text>",
      "a code of a verification, an AADSTS number, or a message of PowerShell or Pulumi in quotes",
    )
    .addOption(formatOption());

/** Makes `apponly explain`. */
export const explainCommand = (io: Io, run = explain) =>
  parser().action((text, options) => run(text, options, io));

/**
 * Says what is behind a code or a message, and what to do: the rows of docs/troubleshooting.md, and what
 * commands themselves say of the engine's failures. It
 * needs no stack and no network.
 *
 * @throws {Failure} If nothing is known of it.
 */
export async function explain(
  text: string,
  { format }: OptionsOf<typeof parser>,
  io: Io,
): Promise<void> {
  const wanted = text.trim().toLowerCase();
  const byCode = diagnosisCodes.filter((code) => code === wanted);
  const codes =
    byCode.length > 0 ? byCode : codesOfText(/^\d{5,8}$/.test(wanted) ? `AADSTS${wanted}` : text);
  const ofEngine = codes.length === 0 ? explainEngineText(text) : undefined;
  if (codes.length === 0 && ofEngine === undefined) {
    throw new Failure(
      `Nothing is known of this text. ${didYouMean(wanted, diagnosisCodes)}Give the whole message, or a code of docs/troubleshooting.md; AADSTS numbers are explained on ${errorCodesPage}`,
    );
  }
  const explanations = [
    ...codes.map(rowExplanation),
    ...(ofEngine === undefined
      ? []
      : [{ ...ofEngine, propagating: false, numbers: [], symptoms: [] }]),
  ];
  if (format === "json") {
    const document: ExplainDocument = { version: 1, explanations };
    await io.document(document);
  } else {
    await io.out(explanations.map((one) => explanationText(one, io.columns)).join("\n"));
  }
}

function rowExplanation(code: DiagnosisCode) {
  const {
    cause,
    remedy,
    propagating = false,
    numbers = [],
    symptoms = [],
    source,
  } = errorTable[code];
  return {
    code,
    cause: withoutPlaces(cause),
    remedy: withoutPlaces(remedy),
    propagating,
    numbers,
    symptoms,
    source,
  };
}

/** Places are filled in where the cause is met; here nothing is met. */
function withoutPlaces(text: string): string {
  return text.replace(/\{\w+\}/g, "…");
}

function explanationText(
  { code, cause, remedy, propagating, source }: ExplainDocument["explanations"][number],
  columns: number | undefined,
): string {
  return [
    code,
    hangingIndent(`  ${cause}`, 2, columns),
    hangingIndent(`  → ${remedy}`, 4, columns),
    ...(propagating ? ["  May heal by itself: apponly verify --wait 30m"] : []),
    `  ${source}`,
    "",
  ].join("\n");
}
