import { parseArgs } from 'node:util';

export interface WaysOptions {
  readonly quick: boolean;
  readonly seed: number;
  /** Plans, or the one plan of the seed that is to be repeated. */
  readonly plans: readonly number[];
  /** Runs of each variant that are cancelled. */
  readonly cancels: number;
  readonly lanes: number;
  /** How often each plan is run in each variant: what depends on the moment may take a few. */
  readonly repeat: number;
  readonly plant: string | undefined;
}

const usage = `npm run check:ways -- [--quick] [--seed N] [--plans N] [--plan INDEX] [--cancels N] [--lanes N] [--repeat N] [--plant FAULT]
  --plans    random plans, each run in 6 variants (default 250; 14 with --quick)
  --plan     only this plan of the seed, printed with its answers
  --cancels  runs of each variant that are cancelled at a random moment (default 60; 8 with --quick)
  --lanes    plans that are run side by side (default 3)
  --repeat   runs of each plan in each variant (default 1)
  --plant    breaks the platform on purpose: lose-log`;

/** @throws Error with the usage where an argument is not understood. */
export function readOptions(args: readonly string[]): WaysOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      seed: { type: 'string' },
      plans: { type: 'string' },
      plan: { type: 'string' },
      cancels: { type: 'string' },
      lanes: { type: 'string', default: '3' },
      repeat: { type: 'string', default: '1' },
      plant: { type: 'string' },
    },
  });
  const { quick, plan } = values;
  const whole = (name: string, text: string, least: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} takes a whole number\n${usage}`);
    return value;
  };
  const plans = whole('plans', values.plans ?? (quick ? '14' : '250'), 0);
  return {
    quick,
    seed: whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)), 0),
    plans: plan === undefined ? Array.from({ length: plans }, (_, index) => index) : [whole('plan', plan, 0)],
    cancels: whole('cancels', values.cancels ?? (plan !== undefined ? '0' : quick ? '8' : '60'), 0),
    lanes: whole('lanes', values.lanes, 1),
    repeat: whole('repeat', values.repeat, 1),
    plant: values.plant,
  };
}
