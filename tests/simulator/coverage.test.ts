/** COVERAGE.md and the installed routes name the same, and the tests it points at exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { buildApp, registeredServices } from "../../simulator/simulator";
import type { TokenIssuance } from "../../simulator/entra/accessToken";
import { versions } from "../../simulator/graph/call";
import { knownOptions } from "../../simulator/graph/query/options";
import { graphAppRoles } from "../../simulator/seed/graphPermissions";
import { entitySets } from "../../simulator/graph/service";
import type { Services } from "../../simulator/http/context";

const page = readFileSync(join(__dirname, "../../simulator/COVERAGE.md"), "utf8");
const listed = [...page.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE|OPTIONS|ALL) \/[^`]*)`/g)].map(
  ([, route]) => route!,
);
/** What every set and every list of references has besides, listed once for all. */
const general =
  /^GET .*\/(\$count|\$ref|\{cast\}(\/\{count\})?|\{reference\}|\{property\}|\{part\})$|^DELETE .*\/(members|owners)\/\$ref$/;

it("lists every route once, and none that is not there", () => {
  // Routes are only listed, not called: no service is needed.
  const app = buildApp({} as Services, registeredServices({ signingKey: {} } as TokenIssuance));
  const installed = new Set(
    app.routes
      .filter(({ path }) => path !== "/*")
      .map(({ method, path }) => {
        const documented = path
          .replace(versions, "")
          .replace(/^\/(v1\.0|beta)/, "")
          .replace(/adminapi\/(beta|v1\.0)/, "adminapi/{version}")
          .replace(":banner{EXOBanner.*}", "EXOBanner…")
          .replace(/:(\w+)(\{[^}]*\})?/g, "{$1}");
        return `${method} ${documented}`;
      }),
  );
  expect([...listed].sort()).toEqual([...installed].filter((one) => !general.test(one)).sort());
  for (const suffix of ["$count", "$ref", "{cast}", "{property}", "{part}"]) {
    expect(page).toContain(`\`GET …/${suffix}\``);
  }
});

it("tells what each type can be asked", () => {
  const rows = [...new Set(entitySets.map(({ type }) => type))].map((type) => {
    const code = (names: readonly string[]) =>
      names.length === 0
        ? ""
        : [...names]
            .sort()
            .map((name) => `\`${name}\``)
            .join(", ");
    const only = code(type.advancedFilters ?? []);
    const advanced = type.advancedQueries === true ? `yes${only && `; only so ${only}`}` : "";
    return `| \`${type.name}\` | ${code(type.filterable)} | ${code(Object.keys(type.navigation ?? {}))} | ${code(type.searchable ?? [])} | ${advanced} |`;
  });
  const written = page.split("\n").filter((line) => /^\| `\w+` \|.*\|.*\|.*\|.*\|$/.test(line));
  expect(written.map((line) => line.replace(/ +/g, " "))).toEqual(
    [...new Set(rows)].map((row) => row.replace(/ +/g, " ")),
  );
});

it("tells every query option, and how many permissions Graph offers", () => {
  for (const option of new Set(Object.values(knownOptions).flat())) {
    expect(page.toLowerCase()).toContain("$" + option);
  }
  expect(page).toContain(`its ${graphAppRoles.length} application permissions`);
});

it("points at tests that exist", () => {
  const names = page
    .split("\n")
    .filter((line) => /^\| `(GET|POST|PUT|PATCH|DELETE|OPTIONS|ALL) /.test(line))
    .flatMap((line) => line.split("|").at(-2)!.trim().split(", "));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    expect([name, existsSync(join(__dirname, `${name}.test.ts`))]).toEqual([name, true]);
  }
});
