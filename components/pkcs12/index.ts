export { createPfx } from "./createPfx";
export { PfxInputError } from "./inputError";
export { PfxEncryption, type PfxOptions } from "./options";
export { derivePfxPassword } from "./password";
