// jest asks for a hundred lines of each stack, and the Pulumi SDK for a stack of every promise.
Error.stackTraceLimit = 15;
// jest sets it in its workers, so that their messages are coloured; what a test starts decides for itself.
delete process.env.FORCE_COLOR;
