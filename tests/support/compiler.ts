import { join } from "node:path";

/** Arguments of a Node that runs TypeScript as the `apponly` command does. */
export const throughCompiler = ["--require", join(__dirname, "../../bin/typescript.js")];
