import { dirname, join } from "node:path";

/** Folder with `Pulumi.yaml`: the root of the package that this file belongs to. */
export const projectDirectory = dirname(__dirname);

/** Folder for what the embedded tenant keeps; ignored by git. */
export const embeddedDirectory = join(projectDirectory, ".apponly");
