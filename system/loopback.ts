/**
 * Whether a host is this machine: `localhost`, `127.0.0.0/8` or `::1`, with or without a port.
 *
 * @example isLoopback("[::1]:8443") // true
 */
export function isLoopback(host: string): boolean {
  return /^((127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?|::1)$/i.test(host);
}
