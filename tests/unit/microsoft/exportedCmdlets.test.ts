/** Which cmdlets a token may run, in the forms in which the admin API may tell it. Only loopback is contacted. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportedCmdlets } from "../../../microsoft/exchange/adminApi";

async function toldBy(module: object): Promise<unknown> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ value: [module] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const caller = {
    endpoints: { workloads: { exchange: base, compliance: base } },
    workload: "exchange",
    tenantId: "207dedc0-8bdf-4459-b8cd-4b0ba7843276",
    organization: "contoso.onmicrosoft.com",
    token: "none",
  } as const;
  try {
    return await exportedCmdlets(caller, base);
  } finally {
    server.close();
  }
}

it("are read from a list, with the parameters that are told", async () => {
  expect(
    await toldBy({
      exportedCmdlets: ["Get-Mailbox", "Get-User"],
      exportedParameters: { "Get-Mailbox": ["Identity"] },
    }),
  ).toEqual([{ name: "Get-Mailbox", parameters: ["Identity"] }, { name: "Get-User" }]);
});

it("are read from one text with commas, which public clients split", async () => {
  expect(await toldBy({ exportedCmdlets: "Get-Mailbox,Get-User," })).toEqual([
    { name: "Get-Mailbox" },
    { name: "Get-User" },
  ]);
});

it("are not read from anything else", async () => {
  expect(await toldBy({ exportedCmdlets: 3 })).toMatchObject({ status: 200 });
});
