import { run } from "./command";
import { openIo } from "./io";

void run(process.argv.slice(2), openIo(process)).then((code) => process.exit(code));
