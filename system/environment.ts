/** Environment variables of a process by name; who reads them takes them as an argument. */
export type Environment = Readonly<Record<string, string | undefined>>;
