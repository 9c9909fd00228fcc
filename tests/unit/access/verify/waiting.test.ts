/**
 * Waiting for what was granted: late is not broken. Time is replaced, so nothing is waited for.
 *
 * Does not prove how long a real tenant takes.
 */
import type { Client } from "@microsoft/microsoft-graph-client";
import { brokenLink, type ChainResult } from "../../../../access/verify/report";
import { verify, type VerifyOptions } from "../../../../access/verify/verify";
import { exitCodeOf } from "../../../../cli/commands/verify/verify";
import { describeChain, describeLate } from "../../../../cli/commands/verify/verifyText";
import { simulated } from "../../../simulator/support/simulated";
import { DeployerElsewhere } from "../../../../access/verify/grants";
import { NoAnswer } from "../../../../microsoft/http";
import { TokenRefused } from "../../../../microsoft/tokens";
import { makeAccess, roles, type Wish, withDeployer } from "./tenantWithAccess";

const context = simulated();
const minute = 60_000;

/** Time that passes only while somebody sleeps. */
function replacedTime() {
  const start = Date.now();
  let passed = 0;
  const pauses: number[] = [];
  const late: string[] = [];
  const options: VerifyOptions = {
    now: () => new Date(start + passed),
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
      passed += milliseconds;
    },
    onLate: (chains, pauseMs) => late.push(describeLate(chains, pauseMs)),
  };
  return { options, pauses, late };
}

const tokenRequests = () =>
  context.simulator.journal.entries({ method: "POST", path: /oauth2\/v2\.0\/token/ }).length;

const linksOf = (chain: ChainResult | undefined) =>
  chain?.links.filter(({ lateSeconds }) => lateSeconds !== undefined);

test("consent and role that arrive late are waited for, each time with a fresh token", async () => {
  context.tenant.faults.add({ kind: "grantLag", times: 3 });
  const { input } = await makeAccess(context);
  context.simulator.journal.clear();
  const { options, pauses, late } = replacedTime();
  const report = await verify(input, { ...options, waitMs: 30 * minute });
  expect([report.ok, exitCodeOf(report), report.waitedMs]).toEqual([true, 0, 14_000]);
  expect(pauses).toEqual([2000, 4000, 8000]);
  expect(tokenRequests()).toBe(4);
  expect(report.chains[0]).toMatchObject({ attempts: 4 });
  // Which link was late, and for how long. The role was there by the time the consent was.
  expect(linksOf(report.chains[0])).toEqual([
    { link: "permission", state: "ok", detail: "Exchange.ManageAsApp", lateSeconds: 14 },
  ]);
  expect(late[0]).toBe("late: permission of 2026-11 → exchange; again in 2.0 s");
  expect(describeChain(report.chains[0]!, { colour: false })).toContain(
    "Exchange.ManageAsApp (arrived after 14 s)",
  );
});

test("several links can be late, one after the other", async () => {
  const { input, grantRole } = await makeAccess(context, { role: null });
  context.tenant.faults.add({ kind: "grantLag", times: 2 });
  await grantRole();
  context.tenant.faults.add({
    kind: "permissionDenied",
    match: { path: /InvokeCommand/ },
    times: 4,
  });
  const { options } = replacedTime();
  const report = await verify(input, { ...options, waitMs: 30 * minute });
  expect(report.ok).toBe(true);
  expect(linksOf(report.chains[0])?.map(({ link, lateSeconds }) => [link, lateSeconds])).toEqual([
    ["role", 6],
    ["workload", 24],
  ]);
});

test("what never arrives is still propagating when the time is up: exit code 6", async () => {
  const { input } = await makeAccess(context, { consented: false });
  const { options, pauses } = replacedTime();
  const report = await verify(input, { ...options, waitMs: 5 * minute });
  expect([report.ok, report.propagating, exitCodeOf(report)]).toEqual([false, true, 6]);
  // Doubling up to half a minute, and never beyond the time given.
  expect(pauses).toEqual([2000, 4000, 8000, 16_000, ...Array<number>(9).fill(30_000)]);
  expect(report.waitedMs).toBeLessThanOrEqual(5 * minute);
  expect(linksOf(report.chains[0])).toMatchObject([
    { link: "permission", state: "failed", lateSeconds: 300 },
  ]);
});

describe("what may still be on its way", () => {
  const hour = 60 * minute;
  const ago = (ms: number) => () => Promise.resolve(new Date(Date.now() - ms));

  test.each([
    ["a minute ago", ago(minute)],
    ["23 hours ago", ago(23 * hour)],
    ["at a time that is not known", () => Promise.resolve(undefined)],
    ["at a time that the backend does not tell", () => Promise.reject(new Error("503"))],
  ])("is what is missing where the stack was changed %s", async (_when, lastChange) => {
    const { input } = await makeAccess(context, { consented: false });
    const report = await verify({ ...input, lastChange }, replacedTime().options);
    expect([report.propagating, exitCodeOf(report)]).toEqual([true, 6]);
  });

  test.each([25 * hour, 90 * 24 * hour])(
    "is nothing where the stack was last changed %i ms ago: it was taken away",
    async (past) => {
      const { input } = await makeAccess(context, { consented: false });
      const lastChange = ago(past);
      const report = await verify({ ...input, lastChange }, replacedTime().options);
      expect([report.propagating, exitCodeOf(report)]).toEqual([false, 4]);
      const day = new Date(Date.now() - past).toISOString().slice(0, 10);
      expect(report.chains[0]?.diagnosis?.cause).toContain(
        `The stack was last changed on ${day}, so nothing is on its way: it was taken away since.`,
      );
    },
  );

  test("is the answer of a service that is busy, however long ago the stack was changed", async () => {
    const { input } = await makeAccess(context);
    context.tenant.faults.add({ kind: "throttle", match: { path: /oauth2/ } });
    const lastChange = ago(90 * 24 * hour);
    const report = await verify({ ...input, lastChange }, replacedTime().options);
    expect([report.chains[0]?.diagnosis?.code, report.propagating]).toEqual(["throttled", true]);
  });
});

test("without --wait nothing is tried twice", async () => {
  const { input } = await makeAccess(context, { consented: false });
  const { options, pauses } = replacedTime();
  const report = await verify(input, options);
  expect([exitCodeOf(report), report.chains[0]?.attempts, pauses]).toEqual([6, 1, []]);
});

test("a definite failure ends the waiting at once: exit code 4", async () => {
  const { input, app } = await makeAccess(context);
  const off = context.tenant.blockByConditionalAccess(app.appId);
  const { options, pauses } = replacedTime();
  const report = await verify(input, { ...options, waitMs: 30 * minute });
  off();
  expect([exitCodeOf(report), pauses]).toEqual([4, []]);
});

test("a definite failure of one chain does not wait for the others", async () => {
  // Exchange Administrator serves only Exchange, and the deployer's look-up shows no other role.
  const { input } = await makeAccess(context, {
    role: roles.exchangeAdministrator,
    workloads: ["exchange", "compliance"],
  });
  context.tenant.faults.add({ kind: "throttle", match: { path: /\/exchange\/.*InvokeCommand/ } });
  const { options, pauses } = replacedTime();
  const report = await verify(withDeployer(context, input), { ...options, waitMs: 30 * minute });
  expect(report.chains.map((chain) => [chain.diagnosis?.code, brokenLink(chain)])).toEqual([
    ["throttled", "workload"],
    ["role-unsupported", "role"],
  ]);
  expect([exitCodeOf(report), pauses]).toEqual([4, []]);
});

test("what was never granted is not waited for where the deployer can look it up", async () => {
  const { input } = await makeAccess(context, { consented: false });
  const { options, pauses } = replacedTime();
  const report = await verify(withDeployer(context, input), { ...options, waitMs: 30 * minute });
  expect([report.chains[0]?.diagnosis?.code, exitCodeOf(report), pauses]).toEqual([
    "manifest-without-consent",
    4,
    [],
  ]);
});

describe("where the deployer's look-up fails, it is said why", () => {
  const secretRefused = new TokenRefused(
    7000215,
    "AADSTS7000215: Invalid client secret.\nTrace",
    401,
  );
  const verifiedBy = async (graph: () => Promise<Client>, wish: Wish) => {
    const { input } = await makeAccess(context, wish);
    const { options, pauses } = replacedTime();
    const report = await verify(
      { ...input, graph, stack: "contoso" },
      { ...options, waitMs: 30 * minute },
    );
    return { report, pauses, diagnosis: report.chains[0]?.diagnosis };
  };

  test.each<[Wish, string]>([
    [{ consented: false }, "consent-missing"],
    [{ role: null }, "role-missing"],
    [{ role: roles.userAdministrator }, "role-unsupported"],
  ])("and a deployer that is refused is not waited for: %j", async (wish, code) => {
    const { report, pauses, diagnosis } = await verifiedBy(
      () => Promise.reject(secretRefused),
      wish,
    );
    expect([diagnosis?.code, exitCodeOf(report), pauses]).toEqual([code, 4, []]);
    expect(diagnosis?.cause).toMatch(
      /could not be looked up: the deployer cannot sign in: AADSTS7000215: Invalid client secret\.$/,
    );
    expect(diagnosis?.remedy).toMatch(
      /^Correct the deployer's credentials, or take them away from this job: `apponly doctor --stack contoso`\. /,
    );
  });

  test("and a deployer of another cloud is not waited for", async () => {
    const elsewhere = new DeployerElsewhere("The deployer signs in for A, not for B.");
    const { report, pauses, diagnosis } = await verifiedBy(() => Promise.reject(elsewhere), {
      consented: false,
    });
    expect([exitCodeOf(report), pauses]).toEqual([4, []]);
    expect(diagnosis?.cause).toContain("looked up: The deployer signs in for A, not for B.");
  });

  test("and what the deployer may not read may yet arrive", async () => {
    context.tenant.faults.add({ kind: "permissionDenied", match: { path: /roleManagement/ } });
    const { input } = await makeAccess(context, { role: null });
    const { options, pauses } = replacedTime();
    const report = await verify(withDeployer(context, input), { ...options, waitMs: minute });
    expect([exitCodeOf(report), pauses.length]).toEqual([6, 5]);
    expect(report.chains[0]?.diagnosis?.cause).toContain(
      "could not be looked up: Microsoft Graph refuses the deployer: Authorization_RequestDenied (403).",
    );
  });

  test("and a failure of a moment is over the next time", async () => {
    const { input } = await makeAccess(context, { consented: false });
    const graph = withDeployer(context, input).graph!;
    const answers = [
      () => Promise.reject(new TokenRefused(0, "Service unavailable", 503)),
      () => Promise.reject(new NoAnswer("ECONNRESET", "graph.microsoft.com", "It broke off.")),
    ];
    const { options, pauses } = replacedTime();
    const report = await verify(
      { ...input, graph: () => (answers.shift() ?? graph)() },
      { ...options, waitMs: 30 * minute },
    );
    expect([report.chains[0]?.diagnosis?.code, pauses]).toEqual([
      "manifest-without-consent",
      [2000, 4000],
    ]);
  });
});

test("a chain that holds is not followed again while another is late", async () => {
  const { input } = await makeAccess(context, { workloads: ["exchange", "compliance"] });
  context.tenant.faults.add({
    kind: "serverError",
    status: 503,
    phase: "before",
    match: { path: /compliance.*InvokeCommand/ },
    times: 2,
  });
  const { options } = replacedTime();
  const report = await verify(input, { ...options, waitMs: 30 * minute });
  expect(report.chains.map(({ workload, attempts }) => [workload, attempts])).toEqual([
    ["exchange", 1],
    ["compliance", 3],
  ]);
});

test("a service that asks for a longer pause gets it", async () => {
  const { input } = await makeAccess(context);
  context.tenant.faults.add({
    kind: "throttle",
    retryAfterSeconds: 90,
    match: { path: /InvokeCommand/ },
    times: 1,
  });
  const { options, pauses } = replacedTime();
  const report = await verify(input, { ...options, waitMs: 30 * minute });
  expect([report.ok, pauses]).toEqual([true, [90_000]]);
});
