/**
 * Where the compiled form of an entry file stands in the runtime bundle: beside its source, so that paths relative to
 * the file keep their meaning, under a name that no author gives to a file.
 */
export function compiledPath(entry: string): string {
  return `${entry}.mjs`;
}
