import { createHash } from 'node:crypto';

/** What makes two failures the same one, and how it is shown. */
export interface Cause {
  readonly taskId: string | null;
  readonly errorClass: string;
  readonly errorMessage: string | null;
  readonly topFrame: string | null;
  /** SHA-256 in hexadecimal: of task, class and frame, or the message without its variable parts where no frame is known. */
  readonly fingerprint: string;
}

/** A failed task instance, as its last attempt left it. */
export interface FailedInstance {
  readonly taskId: string;
  /** Why the workflow gave it up. */
  readonly reason: string | null;
  /** Null where no attempt was made. */
  readonly attempt: {
    readonly state: string;
    readonly reason: string | null;
    readonly errorName: string | null;
    readonly errorMessage: string | null;
    readonly errorStack: string | null;
  } | null;
}

const longestMessage = 300;
const longestClass = 120;
const longestFrame = 200;

/** The cause of one failed task instance. */
export function causeOf(failed: FailedInstance): Cause {
  const { attempt } = failed;
  const why = attempt?.reason ?? failed.reason ?? attempt?.state ?? 'failed';
  const message = attempt === null ? failed.reason : attempt.errorMessage;
  return makeCause({
    taskId: failed.taskId,
    errorClass: classOf(attempt?.errorName ?? null, why),
    errorMessage: message,
    topFrame: topFrame(attempt?.errorStack ?? null),
  });
}

/** `TypeError`; `exit_code` where the platform's word says more than `Error`; both where both say something. */
function classOf(name: string | null, why: string): string {
  if (name === null) return why;
  if (why === 'exception') return name;
  return name === 'Error' ? why : `${name} (${why})`;
}

/** A cause made of its parts, cut to what a message has room for. */
export function makeCause(parts: Omit<Cause, 'fingerprint'>): Cause {
  const errorClass = parts.errorClass.slice(0, longestClass);
  const message = parts.errorMessage ?? '';
  // Of an exit code the number is the cause; of everything else numbers are chance.
  const place =
    parts.topFrame ?? (/exit_code/.test(errorClass) ? message.slice(0, 200) : withoutVariableParts(message));
  const identity = JSON.stringify([parts.taskId, errorClass, place]);
  return {
    taskId: parts.taskId,
    errorClass,
    errorMessage: parts.errorMessage === null ? null : shown(parts.errorMessage, longestMessage),
    topFrame: parts.topFrame,
    fingerprint: createHash('sha256').update(identity).digest('hex'),
  };
}

// `at load (file:///bundle/src/load.mjs:12:9)`, `at file:///bundle/src/load.mjs:12:9`
const nodeFrame = /^\s*at (?:async )?(?:(?<name>[^(]+?) \()?(?<file>[^()\s]+):(?<line>\d+):\d+\)?\s*$/;
// `  File "/bundle/src/load.py", line 12, in load`
const pythonFrame = /^\s*File "(?<file>[^"]+)", line (?<line>\d+), in (?<name>.+?)\s*$/;

/**
 * The place in the tenant's own code that the error came from: function, file and line of the frame nearest to it.
 * Node.js names the nearest frame first, Python last.
 */
export function topFrame(stack: string | null): string | null {
  if (stack === null) return null;
  const lines = stack.split('\n');
  const node = lines.map((line) => nodeFrame.exec(line)).filter((match) => match !== null);
  const python = lines.map((line) => pythonFrame.exec(line)).filter((match) => match !== null);
  const frames = (python.length > 0 ? python.reverse() : node).map((match) => match.groups ?? {});
  const own = frames.find(({ file = '' }) => !/node_modules|node:|site-packages|\/usr\//.test(file)) ?? frames[0];
  if (own === undefined) return null;
  const file = (own['file'] ?? '').replace(/^file:\/\//, '').replace(/^.*\/bundle\//, '');
  const name = own['name'];
  const place = `${file}:${own['line'] ?? ''}`;
  return shown(name === undefined ? place : `${name} (${place})`, longestFrame);
}

/** Ids, numbers, quoted values and paths differ from failure to failure of the same kind. */
function withoutVariableParts(message: string): string {
  return message
    .slice(0, 1_000)
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '""')
    .replace(/(?<![0-9a-z])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi, '#')
    .replace(/(?<![0-9a-z])([0-9a-f]{8,}|[0-9a-hjkmnp-tv-z]{26})(?![0-9a-z])/gi, '#')
    .replace(/\d+/g, '#');
}

/** One line without control characters and without what opens doors: messages leave the platform. */
export function shown(text: string, longest: number): string {
  const line = text
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
    .replace(/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***')
    .replace(/\b(mr_(?:live|test)_|whsec_|AKIA|ghp_|sk_live_|xox[abp]-)[A-Za-z0-9_+/=-]{6,}/g, '$1***')
    .trim();
  const points = [...line];
  return points.length <= longest ? line : `${points.slice(0, longest - 1).join('')}…`;
}
