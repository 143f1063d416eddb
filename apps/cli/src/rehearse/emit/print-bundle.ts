/**
 * Program: prints the bundle of a folder as one JSON document, `{ files: { path: text } }`, with the definitions of the
 * pipelines that it defines in TypeScript. For those who deploy by the API alone.
 */
import { readFolder } from '@millrace/pipelines/compile';
import { emit, findPipelineFiles, withDefinitions } from './emit.js';

async function main([folder]: readonly string[]): Promise<number> {
  if (folder === undefined) throw new Error('which folder?');
  const bundle = await readFolder(folder);
  const sources = (await findPipelineFiles(folder)).filter((file) => bundle.files.has(file));
  const { pipelines, problems } = await emit(folder, sources);
  for (const { file, line, column, message } of problems) {
    process.stderr.write(`${file ?? folder}:${line ?? 1}:${column ?? 1}: ${message}\n`);
  }
  if (problems.length > 0) return 1;
  const { files } = withDefinitions(bundle, pipelines);
  const texts = Object.fromEntries([...files].map(([path, bytes]) => [path, contentOf(bytes)]));
  process.stdout.write(`${JSON.stringify({ files: texts })}\n`);
  return 0;
}

function contentOf(bytes: Buffer): string | { readonly base64: string } {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : { base64: bytes.toString('base64') };
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
