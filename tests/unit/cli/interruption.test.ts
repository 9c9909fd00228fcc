import { EventEmitter } from "node:events";
import { endOnSignals } from "../../../cli/interruption";
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
