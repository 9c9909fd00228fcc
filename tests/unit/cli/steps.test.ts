/** How steps are shown, on a terminal and elsewhere. */
import { Steps } from "../../../cli/steps";

function showSteps(
  interactive: boolean,
  use: (steps: Steps, pass: (ms: number) => void) => void,
): string {
  let text = "";
  let now = 0;
  const steps = new Steps({ write: (part) => (text += part), interactive }, () => now);
  use(steps, (ms) => (now += ms));
  return text;
}

test("elsewhere than on a terminal a step is one plain line", () => {
  expect(
    showSteps(false, (steps, pass) => {
      const step = steps.start("Preview dev");
      pass(1200);
      step.done("11 to create");
    }),
  ).toBe(`✓ Preview dev${" ".repeat(7)}   1.2 s  11 to create\n`);
});

test("a long step says every 15 seconds how far it is", () => {
  const text = showSteps(false, (steps, pass) => {
    const step = steps.start("Pulumi CLI");
    for (let second = 0; second < 40; second += 1) {
      pass(1000);
      step.progress(`${second} % compiled`);
    }
    step.done();
  });
  expect(text.split("\n").slice(0, -1)).toEqual([
    "  Pulumi CLI: 15 % compiled (16 s)",
    "  Pulumi CLI: 31 % compiled (32 s)",
    `✓ Pulumi CLI${" ".repeat(8)}    40 s`,
  ]);
});

test("a step that fails says so", () => {
  expect(showSteps(false, (steps) => steps.start("Update dev").fail("failed"))).toMatch(
    /^✗ Update dev .* failed\n$/,
  );
});

test("on a terminal the line is rewritten", () => {
  expect(showSteps(true, (steps) => steps.start("Verify").done())).toContain("\r\u001b[2K");
});
