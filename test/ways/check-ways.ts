/**
 * Runs random plans with every way forced and compares what the API says of them: states, tries, outputs, log lines and
 * ledger are to be the same, whichever way the attempts took. Then it cancels runs at random moments.
 * Usage: npm run check:ways -- --help
 */
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Answer, answerOf, countWays, differences, isIdle, keyOf, type Told } from './answer.js';
import { broken } from './invariants.js';
import { readOptions } from './options.js';
import { definitionOf, type RandomPlan, randomOf, randomPlan } from './random-plan.js';
import { cancelLimitMs, sleep, Stage } from './stage.js';
import { nameOf, noneTaken, stages, type Taken, type Variant, wrongWays } from './variants.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const options = readOptions(process.argv.slice(2));
const startedAt = Date.now();
/** Tasks of runs that are to be cancelled take so much longer. */
const slowness = 15;

function say(line: string): void {
  process.stdout.write(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
}

class Check {
  readonly findings: string[] = [];
  readonly taken: Record<string, Taken> = {};
  readonly states: Record<string, number> = {};
  readonly cancelled: Record<string, number> = {};
  runs = 0;
  attempts = 0;
  declined = 0;
  mismatches = 0;
  private readonly plans = options.plans.map((index) => randomPlan(options.seed, index));
  private readonly answers = new Map<number, { readonly variant: string; readonly answer: Answer }>();

  async stage(way: Variant['way'], setting: string): Promise<void> {
    say(`starting a platform of its own with the ways ${setting}`);
    const stage = await Stage.open({ root, setting, plant: options.plant, plans: this.plans });
    const leave = (): void => void stage.close().finally(() => process.exit(130));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
    try {
      for (const fused of [true, false]) await this.variant(stage, { way, fused });
      const held = await stage.heldSlots();
      for (const what of held) this.found(what);
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, leave);
      await stage.close();
    }
  }

  private async variant(stage: Stage, variant: Variant): Promise<void> {
    const name = nameOf(variant);
    const taken = (this.taken[name] = noneTaken());
    const repeated = Array.from({ length: options.repeat }, () => this.plans).flat();
    const plans = randomOf(options.seed, -1).shuffled(repeated);
    await sideBySide(plans, (plan) => this.compare(stage, variant, plan));
    for (const what of options.plans.length > 1 ? wrongWays(variant, taken) : []) this.found(what);
    const cancels = Array.from({ length: options.cancels }, (_, n) => n);
    await sideBySide(cancels, (n) => this.cancel(stage, variant, n));
    say(`${name}: ${plans.length} plans, ${cancels.length} cancels; ${JSON.stringify(taken)}`);
  }

  private async compare(stage: Stage, variant: Variant, plan: RandomPlan): Promise<void> {
    const name = nameOf(variant);
    let told: Told;
    try {
      told = await stage.toTheEnd(await stage.trigger(plan, variant.fused));
    } catch (error) {
      this.found(`plan ${plan.index} ${name}: ${error instanceof Error ? error.message : String(error)}`, plan);
      return;
    }
    this.tally(name, told);
    const wrong = broken(told);
    for (const what of wrong) this.found(`plan ${plan.index} ${name}: ${what}`, plan);
    if (wrong.length > 0) this.tellAttempts(told);
    const answer = answerOf(told);
    if (options.plans.length === 1 && options.repeat === 1) say(`${name}: ${JSON.stringify(answer, undefined, 2)}`);
    const first = this.answers.get(plan.index);
    if (first === undefined) {
      this.answers.set(plan.index, { variant: name, answer });
      return;
    }
    const parts = differences(first.answer, answer);
    if (parts.length === 0) return;
    this.mismatches += 1;
    const both = parts.map(
      (part) =>
        `  ${part}\n    ${first.variant}: ${JSON.stringify(first.answer[part])}\n    ${name}: ${JSON.stringify(answer[part])}`,
    );
    this.found(`plan ${plan.index}: ${first.variant} and ${name} differ\n${both.join('\n')}`, plan);
  }

  private tally(name: string, told: Told): void {
    this.runs += 1;
    this.attempts += told.attempts.length;
    this.declined += told.attempts.filter(isIdle).length;
    this.states[told.run.state] = (this.states[told.run.state] ?? 0) + 1;
    const taken = this.taken[name];
    if (taken !== undefined) countWays(taken, told);
  }

  /** A run that is cancelled at a moment of its life, or just before or after it. */
  private async cancel(stage: Stage, variant: Variant, n: number): Promise<void> {
    const random = randomOf(options.seed + 1, n);
    const plan = random.pick(this.plans);
    const afterMs = random.next() < 0.1 ? 0 : random.between(0, random.pick([60, 300, 1200]));
    const name = `cancel ${n} (plan ${plan.index} ${nameOf(variant)}, after ${afterMs.toFixed(0)} ms)`;
    try {
      const runId = await stage.trigger(plan, variant.fused, slowness);
      await sleep(afterMs);
      await stage.cancel(runId);
      const told = await stage.toTheEnd(runId, cancelLimitMs);
      this.cancelled[told.run.state] = (this.cancelled[told.run.state] ?? 0) + 1;
      this.attempts += told.attempts.length;
      this.runs += 1;
      const wrong = broken(told);
      for (const what of wrong) this.found(`${name}: ${what}`, plan);
      if (wrong.length > 0) this.tellAttempts(told);
    } catch (error) {
      this.found(`${name}: ${error instanceof Error ? error.message : String(error)}`, plan);
    }
  }

  private tellAttempts(told: Told): void {
    if (this.findings.length > 20) return;
    for (const one of told.instances) say(`  ${keyOf(one)} ${JSON.stringify(one)}`);
    for (const attempt of told.attempts) say(`  ${keyOf(attempt)}#${attempt.fence} ${JSON.stringify(attempt)}`);
  }

  private found(what: string, plan?: RandomPlan): void {
    this.findings.push(what);
    if (this.findings.length > 20) return;
    say(`FOUND ${what}`);
    if (plan === undefined) return;
    say(`  plan ${plan.index} of seed ${options.seed}: ${JSON.stringify(definitionOf(plan, true))}`);
    say(`  its params: ${JSON.stringify(plan.params)}`);
    say(`  to repeat it: npm run check:ways -- --seed ${options.seed} --plan ${plan.index}`);
  }
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
}

async function main(): Promise<boolean> {
  const { quick, seed, plans, cancels, lanes, repeat, plant } = options;
  say(`seed ${seed}, ${plans.length} plans, ${cancels} cancels of each variant${plant ? `, planted: ${plant}` : ''}`);
  const check = new Check();
  for (const { way, setting } of stages) await check.stage(way, setting);
  const ok = check.findings.length === 0;
  process.stdout.write(
    `${JSON.stringify({
      check: 'ways',
      plans: plans.length,
      variants: Object.keys(check.taken).length,
      runs: check.runs,
      attempts: check.attempts,
      run_states: check.states,
      cancelled_run_states: check.cancelled,
      ways: check.taken,
      declined: check.declined,
      mismatches: check.mismatches,
      findings: check.findings.length,
      parameters: { seed, quick, plans: plans.length, cancels, lanes, repeat, slowness },
      planted: plant ?? null,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      machine: { cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), node: process.version },
      ok,
      complete: true,
    })}\n`,
  );
  return ok;
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(
      `check:ways could not finish: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(2);
  },
);
