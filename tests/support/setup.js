// jest asks for a hundred lines of each stack, and the Pulumi SDK for a stack of every promise.
Error.stackTraceLimit = 15;
