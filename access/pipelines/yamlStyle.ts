import type { ToStringOptions } from "yaml";

/** YAML as people write it: long lines stay, and `key:` stands for nothing. */
export const yamlStyle: ToStringOptions = { lineWidth: 0, nullStr: "" };
