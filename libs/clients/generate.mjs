// Writes the generated parts of the clients from apps/api/openapi.json; with `--check` it says whether they are stale.
//
// The TypeScript types are made in this process. The Python client is made by a program from PyPI, which the check does
// without: what it would have to read is named by digests in the generated folder.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const here = fileURLToPath(new URL('.', import.meta.url));
const checkout = join(here, '..', '..');
const documentFile = join(checkout, 'apps', 'api', 'openapi.json');
const typesFile = join(here, 'src', 'generated', 'api.ts');
const python = join(here, 'python');
const generated = join(python, 'src', 'millrace_client', 'generated');
const stampFile = join(python, 'generated.json');
const configFile = join(python, 'generator.yaml');
const generator = 'openapi-python-client==0.29.1';
const formatter = 'ruff==0.14.6';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

async function types() {
  const nodes = await openapiTypescript(pathToFileURL(documentFile));
  const header = '// Generated from apps/api/openapi.json by `npm run generate`; do not edit.\n\n';
  const options = (await prettier.resolveConfig(typesFile)) ?? {};
  return prettier.format(header + astToString(nodes), { ...options, filepath: typesFile });
}

const stamp = () =>
  `${JSON.stringify(
    {
      generator,
      formatter,
      document: sha256(readFileSync(documentFile)),
      configuration: sha256(readFileSync(configFile)),
    },
    null,
    2,
  )}\n`;

const current = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function writePython() {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-python-client-'));
  const bin = join(folder, 'venv', 'bin');
  const options = { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } };
  try {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], options);
    execFileSync(
      join(bin, 'pip'),
      ['install', '--quiet', '--disable-pip-version-check', generator, formatter],
      options,
    );
    const files = ['--path', documentFile, '--config', configFile, '--output-path', generated];
    execFileSync(
      join(bin, 'openapi-python-client'),
      ['generate', '--meta', 'none', '--overwrite', '--fail-on-warning', ...files],
      options,
    );
    writeFileSync(stampFile, stamp());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isCheck = process.argv.includes('--check');
const text = await types();
if (isCheck) {
  const stale = [
    ...(current(typesFile) === text ? [] : ['libs/clients/src/generated/api.ts']),
    ...(current(stampFile) === stamp() ? [] : ['libs/clients/python/src/millrace_client/generated']),
  ];
  if (stale.length > 0) {
    process.stderr.write(`${stale.join(' and ')} stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(join(typesFile, '..'), { recursive: true });
  writeFileSync(typesFile, text);
  if (current(stampFile) !== stamp()) writePython();
}
