/** The environment of the test run; the harness passes parts of it on to the servers that it starts. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
