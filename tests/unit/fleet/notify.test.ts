/** What is told of a run, in the form that each webhook takes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../cli/command";
import { notification, notifyKindOf } from "../../../fleet/notify";
import { recordLine } from "../../../fleet/record";
import { recordingIo } from "../../support/recordingIo";
import { findingWith, recordWith, reportOf } from "./records";

test("the form of a message follows from the webhook's host", () => {
  const kindOf = (url: string) => notifyKindOf(new URL(url));
  expect(kindOf("https://hooks.slack.com/services/x")).toBe("slack");
  expect(kindOf("https://prod-1.westeurope.logic.azure.com:443/workflows/x")).toBe("teams");
  expect(kindOf("https://a.environment.api.powerplatform.com/x")).toBe("teams");
  expect(kindOf("https://alerts.example/x")).toBe("json");
  expect(kindOf("https://hooks.slack.com.evil.example/x")).toBe("json");
});

test.each(["teams", "slack", "json"] as const)(
  "the message for %s is one, short, and names what failed",
  (kind) => {
    const records = Array.from({ length: 40 }, (_, at) =>
      recordWith({
        stack: `t${at}`,
        findings: [findingWith({ subject: "<!channel> & *x*" })],
        ...(at === 0
          ? {
              result: "failed" as const,
              exitCode: 1,
              failure: { class: "consent" as const, message: "x" },
            }
          : {}),
      }),
    );
    const text = JSON.stringify(
      notification(reportOf(...records), kind, { link: "https://ci.example/1" }),
    );
    expect(text).toContain("40 tenants, 1 failed");
    expect(text).toContain("https://ci.example/1");
    if (kind !== "json") {
      expect(text).toContain("t0.onmicrosoft.com: consent");
      expect(text).toContain("… and 30 more");
      expect(text.length).toBeLessThan(5_000);
    }
    if (kind === "slack") {
      expect(text).not.toContain("<!channel>");
    }
  },
);

test("the message is sent once, its secret address is in no error, and the report is made all the same", async () => {
  const bodies: string[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const folder = mkdtempSync(join(tmpdir(), "apponly-notify-"));
  writeFileSync(join(folder, "a.jsonl"), recordLine(recordWith()));
  writeFileSync(join(folder, "expect.txt"), "contoso\n");
  const args = ["report", "--from", folder, "--expect", join(folder, "expect.txt"), "--notify"];
  const kept = process.env.APPONLY_NOTIFY_URL;
  try {
    process.env.APPONLY_NOTIFY_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
    expect(await run(args, recordingIo())).toBe(0);
    expect(bodies).toHaveLength(1);
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({
      version: 1,
      title: "1 tenant, all looked at",
    });
    status = 500;
    const io = recordingIo();
    expect(await run(args, io)).toBe(1);
    expect(io.written()).toContain("## 1 tenant, all looked at");
    expect(io.said()).toContain("answered 500");
    expect(io.said()).not.toContain("secret-path");
    process.env.APPONLY_NOTIFY_URL = "http://example.com/secret-path";
    const refused = recordingIo();
    expect(await run(args, refused)).toBe(2);
    expect(refused.said()).toContain("APPONLY_NOTIFY_URL is not an https address.");
    // Azure Pipelines leaves the name where there is no such variable.
    for (const missing of [undefined, "", "$(APPONLY_NOTIFY_URL)"]) {
      if (missing === undefined) delete process.env.APPONLY_NOTIFY_URL;
      else process.env.APPONLY_NOTIFY_URL = missing;
      const silent = recordingIo();
      expect(await run(args, silent)).toBe(0);
      expect(silent.said()).toContain("Nobody is told");
    }
  } finally {
    if (kept === undefined) delete process.env.APPONLY_NOTIFY_URL;
    else process.env.APPONLY_NOTIFY_URL = kept;
    server.close();
    rmSync(folder, { recursive: true });
  }
});
