import type { Context } from "hono";

export const repository = "contoso/access";

/** An error as GitHub words it. */
export function failure(
  status: number,
  message: string,
  headers: Record<string, string> = {},
  more: Record<string, unknown> = {},
): Response {
  const body = {
    message,
    ...more,
    documentation_url: "https://docs.github.com/rest",
    status: `${status}`,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** One page of a list, with links to the others. */
export function page(c: Context, all: readonly unknown[]): Response {
  const size = Math.min(Number(c.req.query("per_page") ?? 30), 100);
  const number = Number(c.req.query("page") ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, rel: string) => {
    const url = new URL(c.req.url);
    url.searchParams.set("page", String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
    ...(number > 1 ? [link(number - 1, "prev"), link(1, "first")] : []),
  ];
  return c.json(
    all.slice((number - 1) * size, number * size),
    200,
    links.length > 0 ? { link: links.join(", ") } : {},
  );
}
