export * from "./clouds";
export * from "./directoryRoles";
export * from "./permissions";
export * from "./workloads";
