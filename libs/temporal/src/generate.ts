/** Writes what docs/runbooks/temporal.md says of the server's settings, or with `--check` says whether it is stale. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { temporalCliVersion } from './resolve-server.js';
import { embeddedRetentionHours, serverSettings } from './server-options.js';

const target = fileURLToPath(new URL('../../../docs/runbooks/temporal.md', import.meta.url));
const [begin, end] = [
  '<!-- settings: generated from libs/temporal/src/server-options.ts -->',
  '<!-- end of settings -->',
];

function settingsTable(): string {
  const rows = Object.entries(serverSettings).map(
    ([name, { value, why }]) => `| \`${name}\` | \`${value}\` | ${why} |`,
  );
  const yaml = Object.entries(serverSettings).flatMap(([name, { value }]) => [
    `${name}:`,
    `  - value: ${JSON.stringify(value)}`,
  ]);
  return [
    begin,
    '',
    `The embedded server is the one in the Temporal CLI ${temporalCliVersion}; it keeps what has ended for ${embeddedRetentionHours} hours.`,
    '',
    '| setting | value | without it |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'As a dynamic configuration file:',
    '',
    '```yaml',
    ...yaml,
    '```',
    '',
    end,
  ].join('\n');
}

const text = await readFile(target, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${target} has no place for the settings`);
const fresh = text.slice(0, from) + settingsTable() + text.slice(to + end.length);
if (!process.argv.includes('--check')) await writeFile(target, fresh);
else if (fresh !== text) {
  process.stderr.write('docs/runbooks/temporal.md is stale: run `npm run generate` and commit it\n');
  process.exitCode = 1;
}
