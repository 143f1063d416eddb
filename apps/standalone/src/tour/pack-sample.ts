import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** A bundle as one JSON document: path -> text, or what is no text in base64. */
export interface JsonBundle {
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.split(sep).includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The sample `weather` as a bundle. Its observations are those of the package vega-datasets (BSD-3-Clause), which the
 * checkout installs; they travel in the bundle as data/weather.csv.
 */
export async function packWeatherSample(checkout: string): Promise<JsonBundle> {
  const folder = join(checkout, 'samples', 'weather');
  const files: Record<string, string> = {};
  for (const file of await filesBelow(folder)) {
    const path = relative(folder, file).split(sep).join('/');
    if (path !== '.npmrc') files[path] = await readFile(file, 'utf8');
  }
  const datasets = dirname(dirname(createRequire(join(checkout, 'package.json')).resolve('vega-datasets')));
  files['data/weather.csv'] = await readFile(join(datasets, 'data', 'weather.csv'), 'utf8');
  return { files };
}
