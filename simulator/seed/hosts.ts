import { clouds } from "./clouds";

const hostsOf = (bases: readonly string[]) => bases.map((base) => new URL(base).host);
const hostsOfClouds = (name: "compliance" | "exchange" | "graph" | "loginHosts" | "management") => [
  ...new Set(Object.values(clouds).flatMap((cloud) => hostsOf(cloud[name]))),
];

const exchangeHosts = hostsOfClouds("exchange");
const complianceHosts = hostsOfClouds("compliance");

/**
 * Names for the certificate of who answers in Microsoft's place. Security & Compliance has hosts
 * below its own, one for each server.
 */
export const microsoftHosts: readonly string[] = [
  ...["loginHosts", "graph", "management"].flatMap((name) => hostsOfClouds(name as "graph")),
  ...exchangeHosts,
  ...complianceHosts,
  ...complianceHosts.map((host) => `*.${host}`),
];

/** Whether a host is one of those that the simulator stands in for. */
export function isMicrosoftHost(host: string): boolean {
  const name = host.toLowerCase();
  return microsoftHosts.some((one) =>
    one.startsWith("*.") ? name.replace(/^[^.]+/, "*") === one : name === one,
  );
}

/** What a host of Microsoft's serves below `/adminapi`, where paths do not say it. */
export function adminApiAt(
  host: string,
): "exchange" | "compliance" | "complianceServer" | undefined {
  const name = host.toLowerCase();
  if (exchangeHosts.includes(name)) {
    return "exchange";
  }
  if (complianceHosts.includes(name)) {
    return "compliance";
  }
  return complianceHosts.some((one) => name.endsWith(`.${one}`)) ? "complianceServer" : undefined;
}
