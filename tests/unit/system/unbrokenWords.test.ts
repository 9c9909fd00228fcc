/** Where a line may be broken; that a terminal's own wrapping does not end up in what is copied is not shown. */
import { diagnosisCodes, errorTable } from "../../../access/verify/errorTable";
import { auditRules } from "../../../audit/rules";
import { hangingIndent } from "../../../cli/hangingIndent";
import { remediesForDeleted } from "../../../operations/drift/remedies";
import { wrapText } from "../../../review/render/columns";
import { unbrokenWords } from "../../../system/unbrokenWords";

test.each([
  ["Rotate it: apponly rotate --stack dev", ["Rotate", "it:", "apponly rotate --stack dev"]],
  ["  apponly up --stack dev", ["", "", "apponly up --stack dev"]],
  ["Run: npx apponly up", ["Run:", "npx apponly up"]],
  ["Either `pulumi login`, or wait", ["Either", "`pulumi login`,", "or", "wait"]],
  [
    "By hand: az cloud set --name X; az ad app list",
    ["By", "hand:", "az cloud set --name X; az ad app list"],
  ],
  ["a key that apponly knows", ["a", "key", "that", "apponly", "knows"]],
  ["No `end here", ["No", "`end", "here"]],
  ["`code` that is none", ["`code`", "that", "is", "none"]],
  ["`two words` of a text", ["`two", "words`", "of", "a", "text"]],
])("of %s are %j", (line, words) => {
  expect(unbrokenWords(line)).toEqual(words);
});

const texts = [
  ...diagnosisCodes.map((code) => errorTable[code].remedy),
  ...Object.values(auditRules).map(({ remedy }) => remedy),
  ...remediesForDeleted("contoso-production", new Date("2026-12-01")),
];
const commands = texts.flatMap((text) =>
  [
    ...text.matchAll(/`((?:apponly|pulumi|az|npm) [^`]+)`|: ((?:apponly|pulumi|az|npm) [^`]+)$/g),
  ].map(([, quoted, last]) => [quoted ?? last ?? "", text] as const),
);

test("a command is in one row, however narrow the terminal, of commands and of reviews", () => {
  expect(commands.length).toBeGreaterThan(15);
  for (const [command, text] of commands) {
    for (const width of [40, 60, 80]) {
      const rows = [hangingIndent(`  ${text}`, 4, width), ...wrapText(text, width, "  ")].join(
        "\n",
      );
      expect(rows.split(command)).toHaveLength(3);
    }
  }
});
