import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const docs = fileURLToPath(new URL("../../docs", import.meta.url));
const root = dirname(docs);
const repository = "https://github.com/apponly/apponly/blob/main";

/** The heading of a page, which is its name in the sidebar. */
function titleOf(page: string): string {
  const text = readFileSync(join(docs, `${page}.md`), "utf8");
  return /^# (.*)$/m.exec(text)?.[1] ?? page;
}

const group = (text: string, ...pages: string[]) => ({
  text,
  items: pages.map((page) => ({ text: titleOf(page), link: `/${page}` })),
});

const sidebar = [
  group("Start", "how-to/try", "how-to/start", "how-to/programs", "how-to/completion"),
  group(
    "Set up",
    "how-to/deployer",
    "how-to/exchange-roles",
    "how-to/bring-your-own-certificate",
    "how-to/keys-in-a-vault",
    "how-to/adopt",
  ),
  group("Review", "how-to/review-pull-requests", "policies", "how-to/audit"),
  group(
    "Use",
    "how-to/export",
    "how-to/github-actions",
    "how-to/azure-devops",
    "how-to/azure-automation",
    "how-to/jenkins",
    "how-to/gitlab",
    "how-to/cron",
    "how-to/other-clients",
  ),
  group(
    "Keep working",
    "how-to/verify",
    "troubleshooting",
    "how-to/rotate",
    "how-to/drift",
    "how-to/retire",
  ),
  group("Many tenants", "how-to/many-tenants"),
  group(
    "Reference",
    "reference",
    "components",
    "compatibility",
    "security",
    "architecture",
    "proof",
  ),
  {
    ...group(
      "Decisions",
      ...readdirSync(join(docs, "decisions"))
        .sort()
        .map((file) => `decisions/${file.replace(/\.md$/, "")}`),
    ),
    collapsed: true,
  },
];

export default defineConfig({
  title: "apponly",
  description:
    "App-only access to Exchange Online PowerShell, one reviewable Pulumi stack per tenant",
  // A copy of docs: what pages are compiled to looks for packages from where they are.
  srcDir: "pages",
  outDir: "dist",
  cacheDir: "node_modules/.cache/vitepress",
  base: process.env.SITE_BASE ?? "/",
  cleanUrls: false,
  // A link to a page that is not there fails the build.
  ignoreDeadLinks: false,
  markdown: {
    config(markdown) {
      // Vue takes two braces for an expression, also in code within a line.
      for (const kind of ["text", "code_inline"] as const) {
        const own = markdown.renderer.rules[kind];
        markdown.renderer.rules[kind] = (...given) =>
          (own?.(...given) ?? "").replaceAll("{{", "&#123;&#123;");
      }
      // The pages are read on GitHub too: what they link to beside docs is there.
      markdown.core.ruler.push("files-of-the-repository", ({ tokens, env }) => {
        const page = dirname(join(docs, (env as { relativePath: string }).relativePath));
        for (const link of tokens.flatMap(({ children }) => children ?? [])) {
          const href = link.type === "link_open" ? link.attrGet("href") : null;
          if (href === null || /^([a-z]+:|#)/.test(href)) continue;
          const [path = "", anchor] = href.split("#");
          const file = join(page, path);
          if (!relative(docs, file).startsWith("..") && /\.(md|png)$/.test(file)) continue;
          if (!existsSync(file)) throw new Error(`${href} leads nowhere.`);
          link.attrSet(
            "href",
            `${repository}/${relative(root, file)}${anchor ? `#${anchor}` : ""}`,
          );
        }
      });
    },
  },
  themeConfig: {
    sidebar,
    nav: [
      { text: "Start", link: "/how-to/start" },
      { text: "Reference", link: "/reference" },
    ],
    search: { provider: "local" },
    outline: { level: [2, 3] },
    socialLinks: [{ icon: "github", link: "https://github.com/apponly/apponly" }],
  },
});
