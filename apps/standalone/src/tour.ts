/** The tour: signs up, deploys the samples, runs them and shows what happened, by the public API alone. */
import { readFile } from 'node:fs/promises';
import { HttpClient } from '@millrace/clients';
import { signIn } from './tour/account.js';
import { checkOrders, checkRun } from './tour/check.js';
import { readTourConfig, type TourConfig } from './tour/config.js';
import {
  connectShop,
  examineOrders,
  openShop,
  type OrdersFacts,
  packOrdersSample,
  type Shop,
  tourDay,
  triggerOrders,
} from './tour/orders.js';
import { packWeatherSample } from './tour/pack-sample.js';
import { describeOrders, describeRun } from './tour/print.js';
import { connectWarehouse, deploy, examine, follow, type RunFacts, trigger, type Warehouse } from './tour/walk.js';

const cities = ['Seattle', 'New York'] as const;

async function main(): Promise<number> {
  const config = readTourConfig(process.argv.slice(2));
  const say = (line: string): void => {
    if (!config.json) process.stdout.write(`${line}\n`);
  };
  const startedAt = performance.now();
  const elapsed = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

  const account = await signIn(new HttpClient({ baseUrl: config.url, patienceMs: 30_000 }), config.accountFile);
  say(
    `${account.isNew ? 'Signed up' : 'Logged in to'} the organization "${account.organization}" and made an API key (${elapsed()})`,
  );
  const client = account.client;

  const warehouse = JSON.parse(await readFile(config.warehouseFile, 'utf8')) as Warehouse;
  await connectWarehouse(client, warehouse);
  say('Stored the password of the warehouse as a secret and its address as a connection');

  const deployment = await deploy(client, await packWeatherSample(config.checkout));
  say(
    `Deployed ${deployment.versions.map((version) => `${version.pipeline} v${version.number}`).join(', ')}, its dependencies built in a sandbox (${elapsed()})`,
  );

  const preparing = prepareOrders(client, config);
  // Should the first sample fail, that is what is told.
  preparing.catch(() => undefined);
  const facts = await walkWeather(client, say);
  for (const each of facts) for (const line of describeRun(each)) say(line);
  say('');
  const orders = await walkOrders(client, await preparing, say);
  for (const line of describeOrders(orders)) say(line);

  const findings = [...facts.flatMap(checkRun), ...checkOrders(orders)];
  for (const finding of findings) say(`NOT AS IT SHOULD BE: ${finding}`);
  say('');
  say(findings.length === 0 ? `The tour took ${elapsed()}.` : `The tour found ${findings.length} things wrong.`);
  if (config.json) {
    process.stdout.write(
      `${JSON.stringify({
        organization: account.organization,
        deployment: { id: deployment.id, versions: deployment.versions },
        runs: facts.map(({ chart, ...rest }) => ({ ...rest, chartBytes: Buffer.byteLength(chart) })),
        orders,
        findings,
        seconds: Number(((performance.now() - startedAt) / 1000).toFixed(3)),
        complete: true,
      })}\n`,
    );
  }
  return findings.length === 0 ? 0 : 1;
}

type Say = (line: string) => void;

async function walkWeather(client: HttpClient, say: Say): Promise<RunFacts[]> {
  const facts: RunFacts[] = [];
  const runs = await Promise.all(cities.map(async (city) => ({ city, run: await trigger(client, city) })));
  for (const { city, run } of runs) say(`Triggered ${run.id} for ${city}`);
  await Promise.all(
    runs.map(async ({ city, run }) => {
      const events = await follow(client, run.id, (event) => {
        if (event.taskId !== null && event.taskId !== undefined && event.state === 'succeeded') {
          const index =
            event.mapIndex === null || event.mapIndex === undefined || event.mapIndex < 0 ? '' : `[${event.mapIndex}]`;
          say(`  ${city.padEnd(8)} ${event.taskId}${index} succeeded`);
        }
      });
      facts.push(await examine(client, city, run.id, events));
    }),
  );
  facts.sort((a, b) => a.city.localeCompare(b.city));
  return facts;
}

/** What the second sample needs, made ready while the first one runs. */
interface OrdersStage {
  readonly shop: Shop;
  readonly deployed: string;
}

async function prepareOrders(client: HttpClient, config: TourConfig): Promise<OrdersStage> {
  const [shop, bundle] = await Promise.all([
    openShop(config.checkout, config.portsFile),
    packOrdersSample(config.checkout),
  ]);
  await connectShop(client, shop);
  const { versions } = await deploy(client, bundle);
  return { shop, deployed: versions.map((version) => `${version.pipeline} v${version.number}`).join(', ') };
}

/** The second sample, in short: a pipeline in TypeScript, and a service that fails now and then. */
async function walkOrders(client: HttpClient, { shop, deployed }: OrdersStage, say: Say): Promise<OrdersFacts> {
  try {
    say(`Deployed ${deployed}, a pipeline in TypeScript, and opened its shop on port ${shop.port}`);
    const run = await triggerOrders(client);
    say(`Triggered ${run.id} for ${tourDay}`);
    return await examineOrders(client, shop, run.id, await follow(client, run.id, () => undefined));
  } finally {
    shop.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The tour stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
