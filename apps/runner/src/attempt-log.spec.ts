import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '@millrace/contracts/wire';
import { Redactor } from '@millrace/redaction';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AttemptLog, type AttemptLogOptions } from './attempt-log.js';

describe('the log of an attempt', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (options: Partial<AttemptLogOptions> = {}): { log: AttemptLog; stored: LogLine[] } => {
    const stored: LogLine[] = [];
    const log = new AttemptLog({
      redactor: new Redactor([]),
      spoolPath: join(folder, 'spool.jsonl'),
      onStale: () => undefined,
      send: (lines) => {
        stored.push(...lines);
        return Promise.resolve(true);
      },
      ...options,
    });
    return { log, stored };
  };
  const texts = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text);

  it('makes numbered lines of chunks, wherever those are cut', async () => {
    const { log, stored } = open();
    const bytes = Buffer.from('grüße\nzwei\r\n\nvier ohne Ende');
    for (const byte of bytes) void log.write('stdout', Uint8Array.of(byte), 5);
    void log.write('stderr', Buffer.from('daneben\n'), 6);
    stored.push(...(await log.end()));
    expect(stored.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(texts(stored)).toEqual(['grüße', 'zwei', '', 'daneben', 'vier ohne Ende']);
    expect(stored[3]).toMatchObject({ stream: 'stderr', at: 6 });
    expect(log.lastSeq).toBe(5);
  });

  it('cuts a line that does not end', async () => {
    const { log, stored } = open();
    void log.write('stdout', Buffer.from('x'.repeat(40_000)), 1);
    stored.push(...(await log.end()));
    expect(stored.map(({ text }) => text.length)).toEqual([16_384, 16_384, 7_232]);
  });

  it('takes a secret out although it comes in two chunks and spans lines', async () => {
    const key = 'first-line-of-it\nsecond-line-of-it';
    const { log, stored } = open({ redactor: new Redactor([key]) });
    for (const part of ['a first-li', 'ne-of-it\nsecond-l', 'ine-of-it b\n'])
      void log.write('stdout', Buffer.from(part), 1);
    log.system('refused: first-line-of-it', 1);
    stored.push(...(await log.end()));
    expect(texts(stored).join('|')).not.toMatch(/first-line|second-line/);
    expect(texts(stored)).toContain('a [redacted] b');
  });

  it('keeps everything, in order, while nobody takes it: in memory, then on disk', async () => {
    const waiting: (() => void)[] = [];
    let open_ = false;
    const stored: LogLine[] = [];
    const { log } = open({
      send: async (lines) => {
        if (!open_) await new Promise<void>((resolve) => waiting.push(resolve));
        stored.push(...lines);
        return true;
      },
    });
    const text = 'y'.repeat(990);
    for (let i = 0; i < 8_000; i += 1) {
      void log.write('stdout', Buffer.from(`${i} ${text}\n`), 1);
      if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await readdir(folder)).toEqual(['spool.jsonl']);
    open_ = true;
    for (const resolve of waiting) resolve();
    stored.push(...(await log.end()));
    expect(stored).toHaveLength(8_000);
    expect(stored.every((line, index) => line.seq === index + 1 && line.text.startsWith(`${index} `))).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('makes the task wait when the disk has enough of it', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { log } = open({ send: () => gate.then(() => true), maxBytes: 1024 ** 3 });
    const chunk = Buffer.from(`${'z'.repeat(16_000)}\n`.repeat(64));
    let waits: void | Promise<void> = undefined;
    for (let i = 0; i < 200 && waits === undefined; i += 1) {
      waits = log.write('stdout', chunk, 1);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(waits).toBeInstanceOf(Promise);
    letGo();
    await waits;
    await log.end();
  });

  it('drops what is too much, and says so', async () => {
    const { log, stored } = open({ maxBytes: 5_000 });
    for (let i = 0; i < 100; i += 1) void log.write('stdout', Buffer.from(`${'w'.repeat(100)}\n`), 1);
    stored.push(...(await log.end()));
    expect(stored.at(-1)).toMatchObject({ stream: 'system' });
    expect(stored.at(-1)?.text).toContain('dropped');
    // The reader sees the gap: the last number is that of the last line that was written.
    expect(log.lastSeq).toBe(100);
    expect(stored.length).toBeLessThan(40);
  });

  it('stops at once when the attempt is no longer ours', async () => {
    let told = 0;
    const { log } = open({ send: () => Promise.resolve(false), onStale: () => (told += 1) });
    void log.write('stdout', Buffer.from('one\n'), 1);
    await vi.waitFor(() => expect(told).toBe(1));
    void log.write('stdout', Buffer.from('two\n'), 1);
    expect(await log.end()).toEqual([]);
    expect(told).toBe(1);
  });

  it('leaves to the end what nobody has sent yet, unless it is much', async () => {
    const few = open();
    void few.log.write('stdout', Buffer.from('one\ntwo'), 1);
    expect((await few.log.end()).map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect(few.stored).toEqual([]);
    const many = open();
    void many.log.write('stdout', Buffer.from(`${'v'.repeat(1000)}\n`.repeat(100)), 1);
    expect(await many.log.end()).toEqual([]);
    expect(many.stored).toHaveLength(100);
  });
});
