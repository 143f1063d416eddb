// The shop's service of the sample "orders": pages of orders, and a webhook that keeps what is posted to it.
//   node server.mjs --port 8080
// It fails on purpose, and always in the same way: the first request of every even page in a run answers 503, the
// first two of page 3 answer 500. No dependencies.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const pageSize = 25;
const pages = 5;

/** The same figures for the same day, each time. */
function ordersOf(day, page) {
  let state = [...`${day}/${page}`].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  const next = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: pageSize }, (_, index) => {
    const promisedHours = 24 + 24 * next(3);
    return {
      id: `ord-${page}${String(index).padStart(2, '0')}`,
      cents: 500 + next(20_000),
      promisedHours,
      tookHours: next(10) === 0 ? promisedHours + 1 + next(30) : promisedHours - next(20),
    };
  });
}

const asked = new Map();
const summaries = new Map();

function failureOf(page, run) {
  const key = `${run}/${page}`;
  const count = (asked.get(key) ?? 0) + 1;
  asked.set(key, count);
  if (page === 3 && count <= 2) return 500;
  return page % 2 === 0 && count <= 1 ? 503 : undefined;
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}

/** @returns {Promise<[number, unknown]>} */
async function answer(request) {
  const url = new URL(request.url, 'http://shop');
  const day = /^\/days\/(\d{4}-\d\d-\d\d)(?:\/pages\/(\d+))?$/.exec(url.pathname);
  if (request.method === 'GET' && day !== null && day[2] === undefined) return [200, { pages, orders: pages * pageSize }];
  if (request.method === 'GET' && day !== null) {
    const page = Number(day[2]);
    if (page < 1 || page > pages) return [404, { error: 'there is no such page' }];
    const failure = failureOf(page, url.searchParams.get('run') ?? '');
    if (failure !== undefined) return [failure, { error: 'busy, try again' }];
    return [200, { page, orders: ordersOf(day[1], page) }];
  }
  if (request.method === 'POST' && url.pathname === '/summaries') {
    const body = await bodyOf(request);
    const key = request.headers['idempotency-key'] ?? body.run;
    if (!summaries.has(key)) summaries.set(key, { id: `sum-${summaries.size + 1}`, ...body });
    return [201, { id: summaries.get(key).id }];
  }
  if (request.method === 'GET' && url.pathname === '/summaries') {
    const run = url.searchParams.get('run');
    return [200, [...summaries.values()].filter((one) => run === null || one.run === run)];
  }
  return [404, { error: 'there is nothing here' }];
}

const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
const server = createServer((request, response) => {
  answer(request).then(
    ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error) => response.writeHead(400).end(String(error)),
  );
});
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`the shop is open on http://127.0.0.1:${server.address().port}`);
  process.send?.({ port: server.address().port });
});
// Whoever started it as a child wants it gone when they are.
if (process.connected) process.once('disconnect', () => process.exit(0));
