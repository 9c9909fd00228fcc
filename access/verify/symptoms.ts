import { escapedPattern } from "../../system/escapedPattern";
import { codesByNumber, type DiagnosisCode, diagnosisCodes, errorTable } from "./errorTable";

/**
 * The causes that a text can have, by the numbers and symptoms of the error table: the likeliest first.
 * Several causes can share one text; what tells them apart is a verification.
 *
 * @param text What PowerShell, a log or a person says.
 * @example codesOfText("AADSTS700016: Application with identifier ...") // ["application-not-found", "wrong-organization"]
 */
export function codesOfText(text: string): DiagnosisCode[] {
  const plain = plainOf(text);
  const told = longestFound(symptomPatterns, plain);
  const number = Number(/AADSTS[\s:-]?(\d+)/i.exec(text)?.[1] ?? NaN);
  const numbered = codesByNumber.get(number);
  return [
    ...new Set([
      ...(numbered === undefined ? [] : [numbered]),
      ...told,
      // What has no number and is in another language.
      ...(told.length === 0 && Number.isNaN(number) ? longestFound(markPatterns, plain) : []),
      ...(numbered === undefined && told.length === 0 && !Number.isNaN(number)
        ? codesWithNumber(number)
        : []),
    ]),
  ];
}

/** Every cause that Microsoft gives this number to; the text after it is what tells them apart. */
function codesWithNumber(number: number): DiagnosisCode[] {
  const codes = diagnosisCodes.filter((code) =>
    errorTable[code].symptoms?.some((symptom) => symptom.startsWith(`AADSTS${number}:`)),
  );
  return codes.length === 0 ? ["token-refused"] : codes;
}

/** PowerShell breaks lines where its window ends, typesetters change the apostrophes, and .NET writes HRESULTs as numbers too. */
function plainOf(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/(?<![\d.-])-2\d{9}\b/g, (number) => `0x${(Number(number) >>> 0).toString(16)}`);
}

interface KnownText {
  readonly code: DiagnosisCode;
  readonly pattern: RegExp;
  readonly length: number;
}

const symptomPatterns = patternsOf("symptoms");
const markPatterns = patternsOf("marks");

function patternsOf(kind: "symptoms" | "marks"): KnownText[] {
  return diagnosisCodes.flatMap((code) =>
    (errorTable[code][kind] ?? []).map((text) => ({
      code,
      pattern: patternOf(text),
      length: text.length,
    })),
  );
}

/** The causes of the longest that stands in a text. */
function longestFound(known: readonly KnownText[], text: string): DiagnosisCode[] {
  const found = known.filter(({ pattern }) => pattern.test(text));
  const longest = Math.max(...found.map(({ length }) => length));
  return found.filter(({ length }) => length === longest).map(({ code }) => code);
}

/** A symptom stands in the text; a single word has to be all of it. */
function patternOf(symptom: string): RegExp {
  const parts = plainOf(symptom).split("…").map(escapedPattern);
  const body = parts.join(".{0,200}?");
  return new RegExp(symptom === "UnAuthorized" ? `^\\s*${body}\\s*$` : body, "i");
}
