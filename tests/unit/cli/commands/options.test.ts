/** The command lines of the commands whose work only journeys can show. */
import { doctorCommand } from "../../../../cli/commands/doctor/doctor";
import { pullRequestCommand } from "../../../../cli/commands/pullRequest/pullRequest";
import { simulatorCommand } from "../../../../cli/commands/simulator";
import { startCommand } from "../../../../cli/commands/start";
import { parsedOptions } from "../../../support/parsedOptions";

test("start takes the example stack and the folder of the tenant", async () => {
  expect(await parsedOptions(startCommand, "")).toEqual({ stack: "dev" });
  expect(await parsedOptions(startCommand, "-s reports -d /tmp/tenant")).toEqual({
    stack: "reports",
    directory: "/tmp/tenant",
  });
});

test("simulator takes the folder of the tenant", async () => {
  expect(await parsedOptions(simulatorCommand, "")).toEqual({});
  expect(await parsedOptions(simulatorCommand, "-d /tmp/tenant")).toEqual({
    directory: "/tmp/tenant",
  });
});

test("doctor needs no stack", async () => {
  expect(await parsedOptions(doctorCommand, "")).toEqual({ format: "terminal" });
  expect(await parsedOptions(doctorCommand, "-s dev -f json")).toEqual({
    stack: "dev",
    format: "json",
  });
});

test("pull-request comments unless it is told not to", async () => {
  expect(await parsedOptions(pullRequestCommand, "")).toEqual({ comment: true });
  expect(
    await parsedOptions(
      pullRequestCommand,
      "--forge github --base main -s dev prod --from saved --fail-on high --no-comment --policy-pack-config p",
    ),
  ).toEqual({
    forge: "github",
    base: "main",
    stack: ["dev", "prod"],
    from: "saved",
    failOn: "high",
    comment: false,
    policyPackConfig: "p",
  });
});
