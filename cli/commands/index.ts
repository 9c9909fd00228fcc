/* eslint-disable @typescript-eslint/no-require-imports --
   A command loads what it needs and no more: all of them together take twice as long to load.
   TypeScript wants a file's extension in import(), which leads nowhere once it is compiled. */
import type * as certificatesModule from "./certificates";
import type * as doctorModule from "./doctor/doctor";
import type * as exportModule from "./export/export";
import type * as pipelineModule from "./pipeline";
import type * as pullRequestModule from "./pullRequest/pullRequest";
import type * as reviewModule from "./review";
import type * as rotateModule from "./rotate";
import type * as simulateModule from "./simulator";
import type * as stacksModule from "./stacks";
import type * as startModule from "./start";
import type * as toolchainModule from "./toolchain";
import type * as verifyModule from "./verify/verify";

/** Each command's module, loaded when it is asked for. */
export const commands = {
  certificates: () => require("./certificates") as typeof certificatesModule,
  doctor: () => require("./doctor/doctor") as typeof doctorModule,
  export: () => require("./export/export") as typeof exportModule,
  pipeline: () => require("./pipeline") as typeof pipelineModule,
  pullRequest: () => require("./pullRequest/pullRequest") as typeof pullRequestModule,
  review: () => require("./review") as typeof reviewModule,
  rotate: () => require("./rotate") as typeof rotateModule,
  simulate: () => require("./simulator") as typeof simulateModule,
  stacks: () => require("./stacks") as typeof stacksModule,
  start: () => require("./start") as typeof startModule,
  toolchain: () => require("./toolchain") as typeof toolchainModule,
  verify: () => require("./verify/verify") as typeof verifyModule,
};
