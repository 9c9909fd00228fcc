/** What people are told to type next works where the command itself has worked: its folder, its stack. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandNames, run } from "../../../cli/command";
import { asTypedHere, forgetWhereabouts, tellFolder, tellStack } from "../../../cli/typedCommands";
import { startedByNpm } from "../../support/startedByNpx";
import { recordingIo } from "../../support/recordingIo";

const before = process.cwd();

afterEach(() => {
  forgetWhereabouts();
  process.chdir(before);
});

test.each([
  ["Rotate it: apponly rotate.", "Rotate it: apponly rotate --stack dev."],
  ["apponly up --refresh", "apponly up --stack dev --refresh"],
  ["apponly rotate --plan", "apponly rotate --stack dev --plan"],
  ["apponly verify --wait 30m", "apponly verify --stack dev --wait 30m"],
  ["apponly\n    certificates", "apponly\n    certificates --stack dev"],
  ["`apponly drift`)", "`apponly drift --stack dev`)"],
  [
    "pulumi config set --path 'apponly:a[0]' VALUE",
    "pulumi config set --stack dev --path 'apponly:a[0]' VALUE",
  ],
  ["pulumi refresh.", "pulumi refresh --stack dev."],
  ["apponly doctor --stack NAME", "apponly doctor --stack dev"],
  ["apponly up --refresh --stack NAME. Where", "apponly up --refresh --stack dev. Where"],
])("%s names the stack that was worked on", (text, typed) => {
  tellStack("dev");
  expect(asTypedHere(text)).toBe(typed);
  expect(asTypedHere(typed)).toBe(typed);
  tellStack(undefined);
  expect(asTypedHere(text)).toBe(text);
});

test.each([
  "apponly up --refresh --stack other",
  "apponly export -s other",
  "apponly certificates --fail-within 30d --stack other",
  "apponly review --all",
  "(run `apponly rotate --help` for its options)",
  "Adopt it into a stack of its own: --stack NAME.",
  "apponly toolchain",
  "pulumi stack init NAME",
  "pulumi login",
])("%s stays, whatever was worked on", (text) => {
  tellStack("dev");
  expect(asTypedHere(text)).toBe(text);
});

test("a command that worked on the selected stack names none, and no placeholder either", () => {
  tellStack("");
  expect(asTypedHere("See: apponly doctor --stack NAME")).toBe("See: apponly doctor");
  expect(asTypedHere("apponly rotate")).toBe("apponly rotate");
});

test.each([
  ["apponly up --stack dev", "apponly up -C ../tenants --stack dev"],
  ["npx apponly review", "npx apponly review -C ../tenants"],
  ["pulumi cancel --stack dev --yes", "pulumi -C ../tenants cancel --stack dev --yes"],
  ["pulumi stack rm dev", "pulumi -C ../tenants stack rm dev"],
  ["Log in: pulumi login.", "Log in: pulumi login."],
  ["a key that apponly knows", "a key that apponly knows"],
])("%s is led into the folder that the command was led into", (text, typed) => {
  tellFolder("../tenants");
  expect(asTypedHere(text)).toBe(typed);
  expect(asTypedHere(typed)).toBe(typed);
});

test.each([
  ["apponly up --stack Contoso.EU-1", "apponly up -C 'a b' --stack Contoso.EU-1 --embedded"],
  ["apponly rotate.", "apponly rotate -C 'a b' --stack Contoso.EU-1 --embedded."],
])("%s told twice, as where lines are broken, is told once", (text, typed) => {
  process.env.APPONLY_EMBEDDED = "true";
  tellFolder("a b");
  tellStack("Contoso.EU-1");
  const told = [asTypedHere(text), asTypedHere(asTypedHere(text))];
  delete process.env.APPONLY_EMBEDDED;
  expect(told).toEqual([typed, typed]);
});

test("a script of this package that npm runs is answered by commands that npx finds", () => {
  startedByNpm("node bin/apponly.js start", () => {
    expect(asTypedHere("Next: apponly up")).toBe("Next: npx apponly up");
  });
  startedByNpm("npm run build && node tools/other.js", () => {
    expect(asTypedHere("Next: apponly up")).toBe("Next: apponly up");
  });
});

test("a folder with blanks is one word, and one that is entered from another is told with it", () => {
  tellFolder("my tenants");
  tellFolder("../Müller & Söhne");
  expect(asTypedHere("apponly up")).toBe("apponly up -C 'my tenants/../Müller & Söhne'");
  tellFolder("/srv/p");
  expect(asTypedHere("apponly up")).toBe("apponly up -C /srv/p");
});

test("a command line is what tells both, and no other command line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "typed "));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.two.yaml"), "config: {}\n");
  const io = recordingIo();
  await run(["-C", folder, "rotate", "--stack", "tow", "--yes"], io);
  expect(io.said()).toContain("stack init tow");
  expect(asTypedHere("apponly rotate")).toBe(`apponly rotate -C '${folder}' --stack tow`);
  process.chdir(folder);
  await run(["rotate", "--yes"], io);
  expect(asTypedHere("apponly rotate --stack NAME")).toBe("apponly rotate");
  await run(["certificates", "--all"], io);
  expect(asTypedHere("apponly rotate --stack NAME")).toBe("apponly rotate --stack NAME");
});

test.each(commandNames)("a printed apponly %s works in the folder that was worked in", (name) => {
  tellFolder("../tenants");
  expect(asTypedHere(`Next: apponly ${name} x`)).toContain(`apponly ${name} -C ../tenants`);
});
