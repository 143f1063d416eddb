import { readFile } from 'node:fs/promises';
import { answer, type MillraceClient } from '@millrace/clients';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { readStdin } from '../terminal/prompt.js';

export interface ParamOptions {
  readonly param?: readonly string[];
  readonly params?: string;
  readonly at?: string;
}

/** The params of a run as the text of a JSON object. */
export async function paramsText(
  cli: Cli,
  client: MillraceClient,
  pipeline: string,
  options: ParamOptions,
): Promise<string> {
  const base = options.params === undefined ? '{}' : await fileText(cli, options.params);
  const pairs = (options.param ?? []).map(split);
  if (pairs.length === 0) return base;
  const typed = pairs.some(({ isJson }) => !isJson) ? await typesOf(cli, client, pipeline, options.at) : new Map();
  // A name that is given twice: the later one counts, and all of them win over the file.
  const members = pairs.map(({ name, value, isJson }) => {
    return `${JSON.stringify(name)}:${isJson ? value : valueText(value, typed.get(name) as unknown)}`;
  });
  const before = base.trim().slice(1, -1).trim();
  return withoutRepeats(
    before,
    pairs.map(({ name }) => name),
    members,
  );
}

/** The members of the file that no option replaces, then the options. */
function withoutRepeats(before: string, names: readonly string[], members: readonly string[]): string {
  const given = new Map(names.map((name, index) => [name, members[index] ?? '']));
  const kept = before === '' ? {} : (JSON.parse(`{${before}}`) as Record<string, unknown>);
  const overlap = Object.keys(kept).some((name) => given.has(name));
  const text = overlap
    ? Object.entries(kept)
        .filter(([name]) => !given.has(name))
        .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
        .join(',')
    : before;
  return `{${[text, ...given.values()].filter((part) => part !== '').join(',')}}`;
}

async function fileText(cli: Cli, path: string): Promise<string> {
  const text =
    path === '-'
      ? await readStdin(cli.stdin)
      : await readFile(path, 'utf8').catch((error: unknown) => {
          throw new Failure('notFound', `the file ${path} cannot be read`, { code: 'cli.no_file', cause: error });
        });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure('invalid', `${path === '-' ? 'the standard input' : path} is no JSON: ${String(error)}`, {
      code: 'cli.params_not_json',
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('invalid', 'params are a JSON object', { code: 'cli.params_not_an_object' });
  }
  return text;
}

interface Pair {
  readonly name: string;
  readonly value: string;
  readonly isJson: boolean;
}

function split(text: string): Pair {
  const match = /^([^=:]+)(:?)=([\s\S]*)$/.exec(text);
  if (match === null) {
    throw new Failure('usage', `--param is name=value or name:=JSON, not "${text}"`);
  }
  const [, name = '', colon = '', value = ''] = match;
  if (colon !== '') {
    try {
      JSON.parse(value);
    } catch {
      throw new Failure('usage', `the value of --param ${name}:= is no JSON`, {
        hint: `a text is written with one "=": --param ${name}=…`,
      });
    }
  }
  return { name, value, isJson: colon !== '' };
}

/** The declared schema of each param; nothing where the pipeline declares none. */
async function typesOf(
  cli: Cli,
  client: MillraceClient,
  pipeline: string,
  at: string | undefined,
): Promise<Map<string, unknown>> {
  const query = cli.inEnvironment;
  const version =
    at ??
    (await answer(client.api.GET('/v1/pipelines/{pipeline}', { params: { path: { pipeline }, query } }))).activeVersion
      ?.id;
  // Nothing to run: the start of the run says so.
  if (version === undefined) return new Map();
  const detail = await answer(
    client.api.GET('/v1/pipelines/{pipeline}/versions/{version}', { params: { path: { pipeline, version }, query } }),
  );
  const { properties } = (detail.params ?? {}) as { readonly properties?: Readonly<Record<string, unknown>> };
  return new Map(Object.entries(properties ?? {}));
}

/** Text stays text where the schema wants a text; else what reads as JSON is JSON. */
function valueText(value: string, schema: unknown): string {
  const { type } = (typeof schema === 'object' && schema !== null ? schema : {}) as { readonly type?: unknown };
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (types.includes('string')) return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}
