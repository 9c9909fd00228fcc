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
  const found = patterns
    .filter(({ pattern }) => pattern.test(plain))
    .sort((one, other) => other.length - one.length);
  const longest = found.filter(({ length }) => length === found[0]?.length);
  const number = Number(/AADSTS(\d+)/i.exec(text)?.[1] ?? NaN);
  const numbered = codesByNumber.get(number);
  return [
    ...new Set([
      ...(numbered === undefined ? [] : [numbered]),
      ...longest.map(({ code }) => code),
      ...(numbered === undefined && found.length === 0 && !Number.isNaN(number)
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

/** PowerShell breaks lines where its window ends, and typesetters change the apostrophes. */
function plainOf(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\u2018\u2019]/g, "'");
}

const patterns = diagnosisCodes.flatMap((code) =>
  (errorTable[code].symptoms ?? []).map((symptom) => ({
    code,
    pattern: patternOf(symptom),
    length: symptom.length,
  })),
);

/** A symptom stands in the text; a single word has to be all of it. */
function patternOf(symptom: string): RegExp {
  const parts = plainOf(symptom).split("…").map(escapedPattern);
  const body = parts.join(".{0,200}?");
  return new RegExp(symptom === "UnAuthorized" ? `^\\s*${body}\\s*$` : body, "i");
}
