import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InitConfig, type JobHeader, outputTooLargeCode } from '../protocol.js';
import { artifactsDirectory, type TaskConnection } from './context.js';
import { describeError, type ProgramEnd, type ProgramHooks } from './program-end.js';

type ShellProgram = Extract<JobHeader['program'], { kind: 'shell' }>;

/** Runs a script with `sh -eu` (or `bash -eu -o pipefail`) and takes what it left in $MILLRACE_OUTPUT. */
export async function runShell(
  program: ShellProgram,
  job: JobHeader,
  inputJson: Uint8Array,
  config: InitConfig,
  connections: readonly TaskConnection[],
  hooks: ProgramHooks,
): Promise<ProgramEnd> {
  const inputPath = join(config.paths.task, 'input.json');
  const outputPath = join(config.paths.task, 'output.json');
  writeFileSync(inputPath, inputJson);
  const script = 'file' in program ? program.file : join(config.paths.task, 'script.sh');
  if ('script' in program) writeFileSync(script, program.script);
  const environment = {
    ...process.env,
    ...job.env,
    ...job.secrets,
    ...contextEnvironment(job, connections),
    MILLRACE_INPUT: inputPath,
    MILLRACE_OUTPUT: outputPath,
    MILLRACE_ARTIFACTS: artifactsDirectory(config),
    MILLRACE_BUNDLE: config.paths.bundle,
    MILLRACE_TASK: config.paths.task,
  };
  const shell = program.shell === 'bash' ? 'bash -eu -o pipefail' : 'sh -eu';
  // Init's own memory limit has room for Node; the script's processes get the task's.
  const limit = `ulimit -d ${Math.ceil(job.limits.memoryBytes / 1024)} 2>/dev/null || :`;
  hooks.started();
  const end = await exitOf('/bin/sh', ['-c', `${limit}; exec ${shell} "$1"`, 'sh', script], environment);
  if (end instanceof Error) return { ok: false, error: describeError(end) };
  if (end.code !== 0) return { ok: false, ...failureOf(end) };
  return readOutput(outputPath, job.limits.outputBytes);
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function exitOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Exit | Error> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function failureOf({ code, signal }: Exit): Omit<Extract<ProgramEnd, { ok: false }>, 'ok'> {
  if (signal !== null) return { error: { name: 'ShellError', message: `the script was ended by ${signal}` }, signal };
  return {
    error: { name: 'ShellError', message: `the script ended with exit code ${code ?? 0}` },
    ...(code === null ? {} : { exitCode: code }),
  };
}

function readOutput(path: string, maxBytes: number): ProgramEnd {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return { ok: true, output: 'null' };
  if (size > maxBytes) {
    const message = `$MILLRACE_OUTPUT has ${size} bytes; the limit is ${maxBytes}`;
    return { ok: false, error: { name: 'OutputTooLarge', message, code: outputTooLargeCode } };
  }
  const text = readFileSync(path, 'utf8');
  return { ok: true, output: isJson(text) ? text.trim() : JSON.stringify(text.replace(/\n$/, '')) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `MILLRACE_…` variables: who the task is, its parameters, its connections as URLs. */
function contextEnvironment(job: JobHeader, connections: readonly TaskConnection[]): Record<string, string> {
  const { runId, taskId, attempt, mapIndex, paramsJson } = job.context;
  const environment: Record<string, string> = {
    MILLRACE_RUN_ID: runId,
    MILLRACE_TASK_ID: taskId,
    MILLRACE_ATTEMPT: String(attempt),
    MILLRACE_TRY: String(job.context.try ?? 1),
    MILLRACE_PARAMS: paramsJson ?? '{}',
    ...(mapIndex === null ? {} : { MILLRACE_MAP_INDEX: String(mapIndex) }),
  };
  const params = JSON.parse(paramsJson ?? '{}') as Record<string, unknown>;
  for (const [name, value] of Object.entries(params)) {
    environment[`MILLRACE_PARAM_${variableName(name)}`] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  for (const connection of connections) {
    environment[`MILLRACE_CONNECTION_${variableName(connection.name)}`] = connection.url;
  }
  return environment;
}

function variableName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
}
