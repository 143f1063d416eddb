/** Generator of the reference of the format: writes its files, or with `--check` says which are stale. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipelineReference } from './reference/pipeline-reference.js';
import { pipelineSchemaText } from './reference/pipeline-schema.js';

const files: Readonly<Record<string, () => string>> = {
  'docs/reference/pipeline.schema.json': pipelineSchemaText,
  'docs/reference/pipeline-format.md': pipelineReference,
};

const repository = new URL('../../../', import.meta.url);

for (const [path, make] of Object.entries(files)) {
  const target = fileURLToPath(new URL(path, repository));
  const text = make();
  if (!process.argv.includes('--check')) {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${path} is stale: run \`npm run generate\` and commit it\n`);
    process.exitCode = 1;
  }
}
