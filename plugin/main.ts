import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "@pulumi/pulumi/provider";
import { sayRejectionsOnce } from "../cli/rejections";
import { ComponentPackage } from "./provider";

const manifest = readFileSync(join(__dirname, "../package.json"), "utf8");
const { version } = JSON.parse(manifest) as { version: string };

void main(new ComponentPackage(version), process.argv.slice(2));
// It listens by now, as whoever has started this program does.
sayRejectionsOnce();
