import {
  absentCalls,
  auditArch,
  callNumber,
  highestKnownCall,
  inspectedCalls,
  refusedCalls,
  type SeccompArch,
} from './syscalls.js';

/** One classic BPF instruction (struct sock_filter). */
interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

// linux/bpf_common.h, linux/seccomp.h
const loadWord = 0x20;
const jumpEqual = 0x15;
const jumpAtLeast = 0x35;
const jumpAnyBit = 0x45;
const maskAnd = 0x54;
const returnValue = 0x06;

const offsetOfCall = 0;
const offsetOfArch = 4;
/** Low half of an argument: both architectures are little-endian. */
const offsetOfArg = (index: number): number => 16 + 8 * index;

const killProcess = 0x8000_0000;
const allow = 0x7fff_0000;
const refuseWith = (errno: number): number => 0x0005_0000 | errno;

const errno = { EPERM: 1, ENOSYS: 38, EPROTONOSUPPORT: 93, EAFNOSUPPORT: 97 } as const;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const cloneNamespaces = 0x7e02_0000;
/** x32 calls have this bit set; the filter's numbers would not apply to them. */
const x32Bit = 0x4000_0000;

const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
const socketType = { stream: 1, dgram: 2, seqpacket: 5 } as const;
const tiocsti = 0x5412;
const tioclinux = 0x541c;
const queryPersonality = 0xffff_ffff;

const load = (offset: number): Instruction => ({ code: loadWord, jt: 0, jf: 0, k: offset });
const ret = (value: number): Instruction => ({ code: returnValue, jt: 0, jf: 0, k: value });
const test = (code: number, k: number, jt: number, jf: number): Instruction => ({ code, jt, jf, k });

/** `if (accumulator == k) return value`. */
const returnIf = (k: number, value: number): Instruction[] => [test(jumpEqual, k, 0, 1), ret(value)];

/** A block that is entered only for the call, and always returns. */
function whenCall(call: number, block: readonly Instruction[]): Instruction[] {
  return [test(jumpEqual, call, 0, block.length), ...block];
}

function cloneRules(): Instruction[] {
  return [load(offsetOfArg(0)), test(jumpAnyBit, cloneNamespaces, 0, 1), ret(refuseWith(errno.EPERM)), ret(allow)];
}

function personalityRules(): Instruction[] {
  return [
    load(offsetOfArg(0)),
    ...returnIf(0, allow),
    ...returnIf(queryPersonality, allow),
    ret(refuseWith(errno.EPERM)),
  ];
}

function ioctlRules(): Instruction[] {
  return [
    load(offsetOfArg(1)),
    ...returnIf(tiocsti, refuseWith(errno.EPERM)),
    ...returnIf(tioclinux, refuseWith(errno.EPERM)),
    ret(allow),
  ];
}

/** TCP, UDP and Unix sockets, and the routing netlink that getifaddrs needs; neither raw nor packet, vsock, … */
function socketRules(): Instruction[] {
  const typeOfSocket = [load(offsetOfArg(1)), test(maskAnd, 0xf, 0, 0)];
  const unix = [
    ...typeOfSocket,
    ...returnIf(socketType.stream, allow),
    ...returnIf(socketType.dgram, allow),
    ...returnIf(socketType.seqpacket, allow),
    ret(refuseWith(errno.EPERM)),
  ];
  const netlink = [load(offsetOfArg(2)), ...returnIf(0, allow), ret(refuseWith(errno.EPERM))];
  const internet = [
    ...typeOfSocket,
    test(jumpEqual, socketType.stream, 2, 0),
    test(jumpEqual, socketType.dgram, 1, 0),
    ret(refuseWith(errno.EPERM)),
    load(offsetOfArg(2)),
    ...returnIf(0, allow),
    ...returnIf(6, allow),
    ...returnIf(17, allow),
    ret(refuseWith(errno.EPROTONOSUPPORT)),
  ];
  return [
    load(offsetOfArg(0)),
    ...whenCall(family.unix, unix),
    ...whenCall(family.netlink, netlink),
    test(jumpEqual, family.inet, 2, 0),
    test(jumpEqual, family.inet6, 1, 0),
    ret(refuseWith(errno.EAFNOSUPPORT)),
    ...internet,
  ];
}

function numbersOf(
  table: Readonly<Record<string, readonly [number | null, number | null]>>,
  arch: SeccompArch,
): number[] {
  return Object.values(table).flatMap((numbers) => callNumber(numbers, arch) ?? []);
}

/**
 * The seccomp filter of every task as the kernel reads it (an array of struct sock_filter), for `bwrap --seccomp`.
 * Another architecture's calls, x32 included, kill the process: their numbers mean other calls.
 */
export function seccompFilter(arch: SeccompArch): Buffer {
  const inspect = (name: keyof typeof inspectedCalls, block: readonly Instruction[]): Instruction[] => {
    const call = callNumber(inspectedCalls[name], arch);
    return call === null ? [] : whenCall(call, block);
  };
  const program: Instruction[] = [
    load(offsetOfArch),
    test(jumpEqual, auditArch[arch], 1, 0),
    ret(killProcess),
    load(offsetOfCall),
    ...(arch === 'x64' ? [test(jumpAtLeast, x32Bit, 0, 1), ret(killProcess)] : []),
    ...numbersOf(absentCalls, arch).flatMap((call) => returnIf(call, refuseWith(errno.ENOSYS))),
    ...numbersOf(refusedCalls, arch).flatMap((call) => returnIf(call, refuseWith(errno.EPERM))),
    test(jumpAtLeast, highestKnownCall + 1, 0, 1),
    ret(refuseWith(errno.ENOSYS)),
    ...inspect('clone', cloneRules()),
    ...inspect('socket', socketRules()),
    ...inspect('ioctl', ioctlRules()),
    ...inspect('personality', personalityRules()),
    ret(allow),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach((instruction, index) => {
    bytes.writeUInt16LE(instruction.code, index * 8);
    bytes.writeUInt8(instruction.jt, index * 8 + 2);
    bytes.writeUInt8(instruction.jf, index * 8 + 3);
    bytes.writeUInt32LE(instruction.k, index * 8 + 4);
  });
  return bytes;
}

/** The filter's architecture for a Node `process.arch`, or undefined where there is none. */
export function seccompArch(nodeArch: string): SeccompArch | undefined {
  return nodeArch === 'x64' || nodeArch === 'arm64' ? nodeArch : undefined;
}
