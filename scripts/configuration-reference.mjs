// Writes docs/reference/configuration.md from the table of settings; with --check it only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './setup/command.mjs';
import { main, SetupError } from './setup/progress.mjs';

const target = join(checkout, 'docs', 'reference', 'configuration.md');

/** Which programs read a setting stands in their configuration files, so it cannot be told wrongly. */
function readers() {
  return readdirSync(join(checkout, 'apps')).map((name) => {
    const sources = join(checkout, 'apps', name, 'src');
    const files = existsSync(sources) ? readdirSync(sources, { recursive: true }) : [];
    const texts = files
      .filter((file) => basename(file) === 'config.ts')
      .map((file) => readFileSync(join(sources, file), 'utf8'));
    return { name, keys: new Set(texts.join('\n').match(/(?<=settings\.)\w+/g)) };
  });
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

function reference(settings) {
  const programs = readers();
  const rows = Object.entries(settings).map(([key, setting]) => {
    const users = programs.filter(({ keys }) => keys.has(key)).map(({ name }) => name);
    const secret = setting.secret === true ? ' **Secret:** never printed.' : '';
    return [
      `### \`${setting.name}\``,
      '',
      `${cell(setting.description)}${secret}`,
      '',
      `- Value: ${setting.form}`,
      `- When not set: ${setting.standard ?? 'nothing'}`,
      `- Read by: ${users.length === 0 ? 'the tests' : users.join(', ')}`,
      '',
    ].join('\n');
  });
  return [
    '<!-- Generated from libs/platform/src/settings.ts by `npm run generate`; do not edit. -->',
    '',
    '# Configuration',
    '',
    'Every program of Millrace is configured by environment variables and by nothing else. A start checks all of them',
    'and names every mistake at once; a variable that begins with `MILLRACE_` and is not in this list is a mistake too.',
    '`npm start` needs none of them.',
    '',
    ...rows,
  ].join('\n');
}

await main(async () => {
  const built = join(checkout, 'libs', 'platform', 'dist', 'index.js');
  const { settings } = await import(pathToFileURL(built).href);
  const text = reference(settings);
  if (process.argv.includes('--check')) {
    const present = existsSync(target) ? readFileSync(target, 'utf8') : '';
    if (present !== text) throw new SetupError('docs/reference/configuration.md is stale: run `npm run generate`');
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
});
