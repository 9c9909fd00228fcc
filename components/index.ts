export * from "./args";
export { CertificateCredential } from "./certificateCredential";
export { ExchangeAppOnly } from "./exchangeAppOnly";
export { ConfigurationError, type Fault } from "./faults";
export { WorkloadGrants } from "./workloadGrants";
