/** File of the bundle that holds the functions of all tasks. */
export const taskFile = 'tasks.mjs';

/**
 * What a task does is decided by its input alone: how long it takes, how often it fails, what it returns. Its output tells
 * of everything that it was given, so that a wrong input shows in it.
 */
export const taskCode = `
import { createHash } from 'node:crypto';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function work(input, ctx) {
  const mapped = (ctx.mapIndex ?? -1) >= 0;
  const name = ctx.task.id + (mapped ? '[' + ctx.mapIndex + ']' : '');
  ctx.log.info(name + ' begins, try ' + ctx.try);
  if (input.chatty) {
    for (let n = 1; n <= input.chatty; n += 1) console.log('line ' + n + ' of ' + name + ' \u2192 ' + '\u00e4'.repeat(n));
    ctx.log.warn('said it all');
  }
  if (input.ms > 0) await sleep(input.ms * (ctx.params.slow ?? 1));
  const own = mapped ? ctx.mapIndex % 3 === (input.failIndex ?? -1) : true;
  if (own && ctx.try <= (input.failTries ?? 0)) {
    console.error('about to fail');
    const error = new TypeError('fails on purpose: ' + name + ', try ' + ctx.try);
    if (input.final) error.retryable = false;
    throw error;
  }
  const given = JSON.stringify(input);
  const digest = createHash('sha256').update(given).update(JSON.stringify(ctx.params)).digest('hex');
  const number = parseInt(digest.slice(0, 6), 16);
  ctx.log.debug('gives ' + number);
  return {
    of: name,
    number,
    'odd \\u2028 key': [number / 7, -0.1, 1e21, null, '\\ud83c\\udf3e\\u0000'],
    items: Array.from({ length: number % 5 }, (_, at) => ({ at, number: (number + at) % 97 })),
    digest,
    ...(input.large ? { padding: digest.repeat(input.large) } : {}),
  };
}
`;
