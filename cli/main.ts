import { run } from "./command";
import { endOnSignals } from "./interruption";
import { openIo, preferencesIn } from "./io";

const args = process.argv.slice(2);
const io = openIo(process, preferencesIn(args));
endOnSignals(process, io);
void run(args, io).then((code) => process.exit(code));
