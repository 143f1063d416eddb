import { readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle, type WorkflowBundleOption } from '@temporalio/worker';

/** The bundle that `npm run bundle` makes, next to the compiled program. */
export const bundlePath = fileURLToPath(new URL('../dist/workflows.js', import.meta.url));

function workflowsEntry(): string {
  return fileURLToPath(import.meta.resolve('@millrace/workflows/workflows'));
}

/** Bundles the workflows: about 1 to 2 s, which is why a release ships the result. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({ workflowsPath: workflowsEntry(), logger: quiet });
}

export async function writeBundle(): Promise<void> {
  const { code } = await bundleWorkflows();
  await writeFile(bundlePath, code);
}

/** The prebuilt bundle, or a new one where there is none or the workflows were built after it. */
export async function loadBundle(warn: (message: string) => void): Promise<WorkflowBundleOption> {
  const bundled = await modifiedMs(bundlePath);
  if (bundled !== undefined && bundled >= (await newestSourceMs())) return { codePath: bundlePath };
  warn('the workflow bundle is missing or older than the workflows; making one (npm run bundle prepares it)');
  return bundleWorkflows();
}

async function newestSourceMs(): Promise<number> {
  const folder = dirname(workflowsEntry());
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  const times = await Promise.all(names.map((name) => modifiedMs(join(folder, name))));
  return Math.max(0, ...times.filter((time) => time !== undefined));
}

async function modifiedMs(path: string): Promise<number | undefined> {
  return stat(path).then(
    (info) => info.mtimeMs,
    () => undefined,
  );
}

const ignore = (): void => undefined;
const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
