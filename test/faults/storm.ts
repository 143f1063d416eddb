import { sleep, until } from './driver.js';
import type { Field } from './field.js';
import { type FaultOptions, type Kind, kindsFor } from './options.js';
import { killPostgres, killProgram, killTemporal } from './strike-processes.js';
import { dropGateway, dropServer, lateOffer, loseOffer } from './strike-links.js';
import { killLoadedRunner, stall } from './strike-runners.js';
import type { Rows } from './rows.js';

const strikes: Readonly<Record<Exclude<Kind, 'runner'>, (field: Field) => Promise<boolean>>> = {
  stall,
  api: (field) => killProgram(field, 'api'),
  orchestrator: (field) => killProgram(field, 'orchestrator'),
  'pool-controller': (field) => killProgram(field, 'pool-controller'),
  temporal: killTemporal,
  postgres: killPostgres,
  'drop-gateway': dropGateway,
  'drop-temporal': (field) => dropServer(field, 'temporal'),
  'drop-postgres': (field) => dropServer(field, 'postgres'),
  'late-offer': lateOffer,
  'lost-offer': loseOffer,
};

/** First runners alone, so that their recovery can be measured, then everything else in a random order. */
export async function storm(field: Field, options: FaultOptions): Promise<void> {
  await killRunners(field, options);
  const kinds = kindsFor(field.way, options).flatMap((kind) => Array.from({ length: options.ofEach }, () => kind));
  for (const kind of field.random.shuffled(kinds)) {
    if (kind === 'runner') continue;
    await rest(field, options);
    // A victim may be missing for a moment (a cold pool, a process being restarted): look again.
    for (let look = 0; look < 20; look += 1) {
      if (await strikes[kind](field)) {
        field.deeds.add(kind);
        break;
      }
      await sleep(500);
    }
  }
}

async function killRunners(field: Field, options: FaultOptions): Promise<void> {
  const { rows, deeds } = field;
  let hits = 0;
  for (let tries = 0; hits < options.kills && tries < options.kills * 5 + 10; tries += 1) {
    await rest(field, options);
    // A task can go on elsewhere at once only where there is an elsewhere, which the last kill may have filled.
    await until(options.quick ? 3_000 : 8_000, async () => ((await hasRoom(rows)) ? true : undefined));
    if (!(await killLoadedRunner(field, true))) continue;
    hits += 1;
    deeds.add('runner');
  }
}

/** Two runners, one of which could take what the other has in hand, and nothing that waits. */
async function hasRoom(rows: Rows): Promise<boolean> {
  const runners = await rows.runners();
  const free = runners.reduce((sum, { slots, leases }) => sum + slots - leases, 0);
  return runners.length > 1 && free >= Math.max(...runners.map(({ slots }) => slots)) && (await rows.waiting()) === 0;
}

function rest({ random }: Field, { quick }: FaultOptions): Promise<void> {
  return sleep(quick ? random.between(150, 500) : random.between(800, 2500));
}
