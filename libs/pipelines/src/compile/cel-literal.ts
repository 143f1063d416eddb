/** The expression that gives this JSON value. CEL's literals are JSON's, but that a number with a fraction is a double. */
export function celLiteral(value: unknown): string {
  return JSON.stringify(value);
}
