/** The environment of this process, as the specs' stand-in for an application's configuration. */
export const hostEnvironment: Readonly<Record<string, string | undefined>> = process.env;
