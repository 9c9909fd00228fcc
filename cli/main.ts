import { run } from "./command";
import { endOnSignals } from "./interruption";
import { openIo, preferencesIn } from "./io";

const args = process.argv.slice(2);
const io = openIo(process, preferencesIn(args));
const isInterrupted = endOnSignals(process, io);
// What an interrupt has broken off may fail, which is not why the command ends.
void run(args, io).then((code) => isInterrupted() || process.exit(code));
