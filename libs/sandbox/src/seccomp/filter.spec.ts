import { describe, expect, it } from 'vitest';
import { seccompArch, seccompFilter } from './filter.js';
import { absentCalls, auditArch, callNumber, inspectedCalls, refusedCalls, type SeccompArch } from './syscalls.js';

interface Call {
  readonly arch?: number;
  readonly number: number;
  readonly args?: readonly number[];
}

/** What the kernel would do: a small classic BPF machine over struct seccomp_data. */
function verdict(filter: Buffer, arch: SeccompArch, call: Call): string {
  const data = new Map<number, number>([
    [0, call.number],
    [4, call.arch ?? auditArch[arch]],
    ...(call.args ?? []).map((value, index): [number, number] => [16 + 8 * index, value]),
  ]);
  let accumulator = 0;
  for (let index = 0; index < filter.length / 8; index += 1) {
    const at = index * 8;
    const [code, jt, jf, k] = [
      filter.readUInt16LE(at),
      filter.readUInt8(at + 2),
      filter.readUInt8(at + 3),
      filter.readUInt32LE(at + 4),
    ];
    if (code === 0x20) accumulator = data.get(k) ?? 0;
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x15) index += accumulator === k ? jt : jf;
    else if (code === 0x35) index += accumulator >= k ? jt : jf;
    else if (code === 0x45) index += (accumulator & k) !== 0 ? jt : jf;
    else if (code === 0x06) return k === 0x7fff0000 ? 'allow' : k === 0x80000000 ? 'kill' : `errno ${k & 0xffff}`;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error('the filter ran off its end');
}

describe.each<SeccompArch>(['x64', 'arm64'])('the system call filter on %s', (arch) => {
  const filter = seccompFilter(arch);
  const ask = (call: Call): string => verdict(filter, arch, call);
  const inspected = (name: keyof typeof inspectedCalls): number => callNumber(inspectedCalls[name], arch) ?? -1;

  it('fits the kernel’s limit', () => {
    expect(filter.length % 8).toBe(0);
    expect(filter.length / 8).toBeLessThan(4096);
  });

  it('refuses what is listed and hides what libraries can do without', () => {
    for (const [name, numbers] of Object.entries(refusedCalls)) {
      const number = callNumber(numbers, arch);
      if (number !== null) expect(ask({ number }), name).toBe('errno 1');
    }
    for (const [name, numbers] of Object.entries(absentCalls)) {
      expect(ask({ number: callNumber(numbers, arch) ?? -1 }), name).toBe('errno 38');
    }
    expect(ask({ number: 453 })).toBe('errno 38');
  });

  it('allows the calls that every program makes', () => {
    const [read, write, exitGroup] = arch === 'x64' ? [0, 1, 231] : [63, 64, 94];
    for (const number of [read, write, exitGroup]) expect(ask({ number })).toBe('allow');
  });

  it('kills calls of another architecture', () => {
    expect(ask({ number: 0, arch: 0x40000003 })).toBe('kill');
    expect(ask({ number: 0, arch: auditArch[arch === 'x64' ? 'arm64' : 'x64'] })).toBe('kill');
    expect(ask({ number: 0x40000000 })).toBe(arch === 'x64' ? 'kill' : 'errno 38');
  });

  it('lets threads and processes be made, namespaces not', () => {
    const number = inspected('clone');
    const threadFlags = 0x003d0f00;
    const namespaces = [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000];

    expect([ask({ number, args: [17] }), ask({ number, args: [threadFlags] })]).toEqual(['allow', 'allow']);
    for (const flag of namespaces) expect(ask({ number, args: [17 | flag] })).toBe('errno 1');
  });

  it('knows sockets by family, type and protocol', () => {
    const socket = (family: number, type: number, protocol = 0): string =>
      ask({ number: inspected('socket'), args: [family, type, protocol] });
    const closeOnExec = 0o2000000;

    expect([socket(2, 1), socket(10, 2 | closeOnExec), socket(2, 1, 6), socket(2, 2, 17), socket(1, 5)]).toEqual(
      Array(5).fill('allow'),
    );
    expect([socket(2, 3, 1), socket(10, 3, 58), socket(2, 10), socket(1, 3)]).toEqual(Array(4).fill('errno 1'));
    expect([socket(2, 1, 132), socket(2, 2, 136)]).toEqual(['errno 93', 'errno 93']);
    expect([socket(17, 3), socket(40, 1), socket(38, 5), socket(0, 1)]).toEqual(Array(4).fill('errno 97'));
    expect([socket(16, 3, 0), socket(16, 3, 9), socket(16, 3, 12)]).toEqual(['allow', 'errno 1', 'errno 1']);
  });

  it('keeps terminals from being typed into and the personality as it is', () => {
    expect([
      ask({ number: inspected('ioctl'), args: [0, 0x5412] }),
      ask({ number: inspected('ioctl'), args: [0, 0x541c] }),
      ask({ number: inspected('ioctl'), args: [0, 0x5413] }),
    ]).toEqual(['errno 1', 'errno 1', 'allow']);
    expect([
      ask({ number: inspected('personality'), args: [0xffffffff] }),
      ask({ number: inspected('personality'), args: [0] }),
      ask({ number: inspected('personality'), args: [0x40000] }),
    ]).toEqual(['allow', 'allow', 'errno 1']);
  });
});

describe('architectures', () => {
  it('have a filter or are named as having none', () => {
    expect([seccompArch('x64'), seccompArch('arm64'), seccompArch('riscv64')]).toEqual(['x64', 'arm64', undefined]);
  });
});
