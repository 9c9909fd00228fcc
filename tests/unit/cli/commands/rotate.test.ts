/** The command line of `apponly rotate`; the rotation itself is in tests/unit/operations. */
import { rotateCommand } from "../../../../cli/commands/rotate";
import { parsedOptions } from "../../../support/parsedOptions";

test("the overlap is 14 days where nothing else is said", async () => {
  expect(await parsedOptions(rotateCommand, "-s dev")).toEqual({
    stack: "dev",
    overlap: { text: "14d", ms: 14 * 86_400_000 },
  });
});

test("every option is read", async () => {
  expect(
    await parsedOptions(rotateCommand, "-s dev --overlap 36h --now --plan --name 2027-05"),
  ).toEqual({
    stack: "dev",
    overlap: { text: "36h", ms: 129_600_000 },
    now: true,
    plan: true,
    name: "2027-05",
  });
});
