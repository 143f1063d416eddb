// A definition is shown in the language that most are written in. Only what JSON has is ever written, and every text
// that YAML could read as something else is quoted as JSON, which YAML reads too.

const plainForm = /^[A-Za-z_/][\w ./-]*$/;
const otherMeaning = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

function textOf(value: string): string {
  const isPlain = plainForm.test(value) && !otherMeaning.test(value) && !value.endsWith(' ');
  return isPlain ? value : JSON.stringify(value);
}

function isBlock(value: string): boolean {
  return value.includes('\n') && /^\S/.test(value) && !/[^\n\x20-\uffff]| $/m.test(value);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** What stands after `key:` or `-`, with its own line breaks and indentation. */
function after(value: unknown, indent: string, isItem: boolean): string {
  if (typeof value === 'string') {
    if (!isBlock(value)) return ` ${textOf(value)}`;
    const lines = value.replace(/\n+$/, '').split('\n');
    const chomp = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
    if (chomp === '+') return ` ${JSON.stringify(value)}`;
    return ` |${chomp}\n${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
  }
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value) ?? 'null'}`;
  if (isEmpty(value)) return Array.isArray(value) ? ' []' : ' {}';
  const text = yaml(value, indent);
  return isItem ? ` ${text.slice(indent.length)}` : `\n${text}`;
}

function yaml(value: object, indent: string): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return value.map((item) => `${indent}-${after(item, deeper, true)}`).join('\n');
  return Object.entries(value)
    .map(([key, member]) => `${indent}${textOf(key)}:${after(member, deeper, false)}`)
    .join('\n');
}

/** JSON as YAML. */
export function yamlOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || isEmpty(value)) return JSON.stringify(value) ?? 'null';
  return yaml(value, '');
}
