/**
 * The path of a request in the form a router can take:
 *
 * - Alternate keys become segments: `/applications(appId='1')/owners` is `/applications/appId=1/owners`.
 * - `/AdminApi/` is written in lower case; clients write it both ways.
 *
 * @see https://learn.microsoft.com/graph/api/application-get#http-request
 */
export function routedPath(url: string): string {
  const { pathname } = new URL(url);
  const keyed = /\(|%28/i.test(pathname)
    ? decodeURIComponent(pathname).replace(/\((\w+)='([^']*)'\)/g, "/$1=$2")
    : pathname;
  return keyed.replace(/\/adminapi\//i, "/adminapi/");
}
