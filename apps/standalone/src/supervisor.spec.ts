import { expect, it } from 'vitest';
import { type Running, type Service, type ServiceState, Supervisor } from './supervisor.js';

function fakeService(): { service: Service; starts: () => number; die: (how: string) => void; stopped: () => number } {
  let starts = 0;
  let stopped = 0;
  let end: (how: string) => void = () => undefined;
  const start = (): Promise<Running> => {
    starts += 1;
    const ended = new Promise<string>((resolve) => (end = resolve));
    return Promise.resolve({ pid: starts, ended, stop: async () => void (stopped += 1) });
  };
  const service = { name: 'api', logFile: '/logs/api.log', start };
  return { service, starts: () => starts, die: (how) => end(how), stopped: () => stopped };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

it('starts a service that died again, later each time, and says so', async () => {
  const lines: string[] = [];
  let states: readonly ServiceState[] = [];
  const api = fakeService();
  const supervisor = new Supervisor({
    say: (line) => lines.push(line),
    onChange: (all) => (states = all),
    firstDelayMs: 2,
    maxDelayMs: 4,
  });
  await supervisor.add(api.service);

  for (const wanted of [2, 3, 4]) {
    api.die('signal SIGKILL');
    await until(() => api.starts() === wanted && states[0]?.state === 'running');
  }

  expect(states[0]).toMatchObject({ name: 'api', state: 'running', pid: 4, restarts: 3 });
  expect(
    lines.filter((line) => line.includes('signal SIGKILL')).map((line) => /in ([\d.]+) s/.exec(line)?.[1]),
  ).toEqual(['0.002', '0.004', '0.004']);
});

it('stops what runs and restarts nothing afterwards', async () => {
  const api = fakeService();
  const supervisor = new Supervisor({ say: () => undefined, onChange: () => undefined, firstDelayMs: 1 });
  await supervisor.add(api.service);

  await supervisor.stop([['api']]);
  api.die('signal SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect(api.stopped()).toBe(1);
  expect(api.starts()).toBe(1);
});

it('rejects when the first start fails', async () => {
  const supervisor = new Supervisor({ say: () => undefined, onChange: () => undefined });
  const start = (): Promise<Running> => Promise.reject(new Error('no such program'));
  await expect(supervisor.add({ name: 'api', logFile: '', start })).rejects.toThrow('no such program');
});
