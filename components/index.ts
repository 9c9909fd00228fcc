export * from "./args";
export { CertificateCredential, type CertificateCredentialArgs } from "./certificateCredential";
export { ExchangeAppOnly } from "./exchangeAppOnly";
export { ConfigurationError, type Fault } from "./faults";
export { WorkloadGrants, type WorkloadGrantsArgs } from "./workloadGrants";
