/** Writes docs/reference/webhooks.md from the schema of the payloads; with `--check` it only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { webhookPayloadSchema } from '@millrace/contracts/webhook-payload';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return parts.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  return typeof schema.type === 'string' ? schema.type : (schema.type ?? ['anything']).join(' or ');
}

/** The object inside a schema that may also be null or a list of it. */
function inner(schema: Schema): Schema {
  const part = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])].find(
    ({ properties }) => properties !== undefined,
  );
  return part ?? schema;
}

function rows(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const within = inner(field);
    const list = field.type === 'array' ? '[]' : '';
    const description = field.description ?? within.description ?? '';
    return [`| \`${at}\` | ${typeOf(field)} | ${description} |`, ...rows(within, `${at}${list}`)];
  });
}

function section(message: Schema): string {
  const type = message.properties?.['type']?.const ?? '';
  const data = message.properties?.['data'] ?? {};
  const table = ['| field of `data` | type | |', '| --- | --- | --- |', ...rows(data, '')];
  return [`## \`${type}\``, '', `${message.description ?? ''}`, '', ...table, ''].join('\n');
}

const messages = (webhookPayloadSchema() as Schema).oneOf ?? [];
// The three messages about an alert have the same data: it is shown once.
const alerts = messages.filter((message) => message.properties?.['type']?.const?.startsWith('alert.') === true);
const [alert] = alerts;
const others = messages.filter((message) => !alerts.includes(message));
const text = `# What a webhook receives

<!-- Written by \`npm run generate\` from libs/contracts/src/webhook-payload.ts. -->

A webhook of the format \`standard\` receives \`POST\` requests with a JSON body \`{"type", "timestamp", "data"}\`, signed as
[Standard Webhooks](https://www.standardwebhooks.com/) has it. Fields may be added; none is removed. How to set one up, and how to verify the
signature: [alerts](../how-to/alerts.md).

| header | |
| --- | --- |
| \`webhook-id\` | Id of the message: the same for every repeat and replay. |
| \`webhook-timestamp\` | Seconds since the epoch, of this attempt. |
| \`webhook-signature\` | \`v1,\` and the HMAC-SHA256 of \`id.timestamp.body\` in base64; two of them while a secret is being replaced. |

## Messages about an alert

| \`type\` | |
| --- | --- |
${alerts.map((message) => `| \`${message.properties?.['type']?.const ?? ''}\` | ${message.description ?? ''} |`).join('\n')}

${alert === undefined ? '' : section(alert).split('\n').slice(4).join('\n')}
${others.map(section).join('\n')}`;

const target = fileURLToPath(new URL('../../../docs/reference/webhooks.md', import.meta.url));
const written = `${text.trimEnd()}\n`;
if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '');
  if (present !== written) {
    process.stderr.write('docs/reference/webhooks.md is stale: run `npm run generate`\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(target, written);
}
