/**
 * Whether a host is this machine: `localhost`, `127.0.0.0/8` or `::1`, with or without a port.
 *
 * @example isLoopback("[::1]:8443") // true
 */
export function isLoopback(host: string): boolean {
  return /^((127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?|::1)$/i.test(host);
}

/**
 * Whether a credential may be sent to an address: by https, or on this machine. The metadata service
 * of a virtual machine is part of it and speaks only http.
 *
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
 */
export function isSafeForCredentials({ protocol, hostname }: URL): boolean {
  return (
    protocol === "https:" ||
    (protocol === "http:" && (isLoopback(hostname) || hostname === "169.254.169.254"))
  );
}
