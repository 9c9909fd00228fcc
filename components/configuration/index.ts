export { type Configuration, parseConfiguration, type RawConfiguration } from "./parse";
export { readConfiguration } from "./read";
