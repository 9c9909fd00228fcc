/** COVERAGE.md and the installed routes name the same, and the tests it points at exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { buildApp } from "../../simulator/app";
import type { TokenIssuance } from "../../simulator/entra/accessToken";
import type { Services } from "../../simulator/http/context";
import { registeredServices } from "../../simulator/simulator";

const page = readFileSync(join(__dirname, "../../simulator/COVERAGE.md"), "utf8");
const listed = [...page.matchAll(/`((?:GET|POST|PATCH|DELETE|ALL) \/[^`]*)`/g)].map(
  ([, route]) => route!,
);

it("lists every route once, and none that is not there", () => {
  // Routes are only listed, not called: no service is needed.
  const installed = new Set(
    buildApp({} as Services, registeredServices({ signingKey: {} } as TokenIssuance))
      .routes.filter(({ path }) => path !== "/*")
      .map(({ method, path }) => {
        const documented = path
          .replace(/^\/(v1\.0|beta)/, "")
          .replace(/adminapi\/(beta|v1\.0)/, "adminapi/{version}")
          .replace(":banner{EXOBanner.*}", "EXOBanner…")
          .replace(/:(\w+)/g, "{$1}");
        return `${method} ${documented}`;
      }),
  );
  expect([...listed].sort()).toEqual([...installed].sort());
});

it("points at tests that exist", () => {
  const names = page
    .split("\n")
    .filter((line) => /^\| `(GET|POST|PATCH|DELETE|ALL) /.test(line))
    .flatMap((line) => line.split("|").at(-2)!.trim().split(", "));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    expect([name, existsSync(join(__dirname, `${name}.test.ts`))]).toEqual([name, true]);
  }
});
