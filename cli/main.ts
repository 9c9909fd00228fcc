import { run } from "./command";
import { endOnSignals } from "./interruption";
import { openIo } from "./io";

const io = openIo(process);
endOnSignals(process, io);
void run(process.argv.slice(2), io).then((code) => process.exit(code));
