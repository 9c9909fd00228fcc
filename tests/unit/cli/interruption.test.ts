import { EventEmitter } from "node:events";
import { endOnSignals, tellAtInterruption } from "../../../cli/interruption";
import * as engineProcesses from "../../../toolchain/engineProcesses";
import { recordingIo } from "../../support/recordingIo";

test("an interrupt decides how the command ends, whatever it has broken off comes to meanwhile", async () => {
  const exit = jest.fn() as unknown as NodeJS.Process["exit"];
  const signals = Object.assign(new EventEmitter(), { exit });
  const io = recordingIo();
  const isInterrupted = endOnSignals(signals as unknown as NodeJS.Process, io);
  expect(isInterrupted()).toBe(false);
  const ended = new Promise((resolve) => jest.mocked(exit).mockImplementation(resolve as never));
  signals.emit("SIGTERM");
  expect(isInterrupted()).toBe(true);
  expect(await ended).toBe(143);
  expect(io.said()).toContain("run the same command again and it goes on from here");
});

test("an interrupt at a question says that nothing was changed", async () => {
  const exit = jest.fn() as unknown as NodeJS.Process["exit"];
  const signals = Object.assign(new EventEmitter(), { exit });
  const io = recordingIo();
  endOnSignals(signals as unknown as NodeJS.Process, io);
  const ended = new Promise((resolve) => jest.mocked(exit).mockImplementation(resolve as never));
  await tellAtInterruption("Nothing was changed.", async () => {
    signals.emit("SIGINT");
    expect(await ended).toBe(130);
  });
  expect(io.said()).toBe("\nInterrupted. Nothing was changed.\n");
});

test("a second interrupt ends the engines at once, and npm's own copy of the first does not", () => {
  const killed = jest.spyOn(engineProcesses, "killEngines").mockReturnValue();
  const now = jest.spyOn(Date, "now").mockReturnValue(1_000);
  const exit = jest.fn() as unknown as NodeJS.Process["exit"];
  const signals = Object.assign(new EventEmitter(), { exit });
  const io = recordingIo();
  endOnSignals(signals as unknown as NodeJS.Process, io);
  signals.emit("SIGINT");
  now.mockReturnValue(1_100);
  signals.emit("SIGINT");
  expect([killed.mock.calls.length, jest.mocked(exit).mock.calls]).toEqual([0, []]);
  now.mockReturnValue(2_000);
  signals.emit("SIGINT");
  expect([killed.mock.calls.length, jest.mocked(exit).mock.calls]).toEqual([1, [[130]]]);
  expect(io.said()).toContain("Ended at once.");
  jest.restoreAllMocks();
});
