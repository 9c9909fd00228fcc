import { EventEmitter } from "node:events";
import { endOnSignals, tellAtInterruption } from "../../../cli/interruption";
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
