export { type Configuration, parseConfiguration, type RawConfiguration } from "./parse";
export { readConfiguration, readProviderConfiguration } from "./read";
