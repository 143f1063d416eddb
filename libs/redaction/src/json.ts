const token = /"(?:[^"\\]|\\.)*"|-?\d[0-9.eE+-]*/gs;

/**
 * Applies the redaction to the strings (as decoded) and numbers of a JSON text. Everything that it does not change
 * stays as it is to the byte. A number that holds a secret becomes a string.
 */
export function redactJsonText(text: string, redact: (part: string) => string): string {
  return text.replace(token, (found) => {
    if (!found.startsWith('"')) {
      const clean = redact(found);
      return clean === found ? found : JSON.stringify(clean);
    }
    const value = decode(found);
    const clean = redact(value);
    return clean === value ? found : JSON.stringify(clean);
  });
}

function decode(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    // Not JSON after all: then it is searched as it stands.
    return literal.slice(1, -1);
  }
}
