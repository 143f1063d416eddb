import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { judgeAddress } from './addresses.js';
import type { EgressPolicy, EgressRefusal, EgressRefusalReason, EgressTarget } from './policy.js';
import { canonicalTarget } from './target.js';

/** Gives every address of a name; an address literal gives itself. */
export type ResolveName = (host: string) => Promise<readonly string[]>;
/** Opens a TCP connection to an address literal. */
export type DialAddress = (address: string, port: number) => Promise<Socket>;

export interface EgressGuardOptions {
  readonly resolve?: ResolveName;
  readonly dial?: DialAddress;
  /** For the resolver and for each address that is tried. */
  readonly timeoutMs?: number;
}

/** A decision: the addresses that may be dialled, or why none may. */
export type EgressDecision =
  | { readonly allowed: true; readonly addresses: readonly string[]; readonly target: EgressTarget }
  | { readonly allowed: false; readonly refusal: EgressRefusal };

const defaultPorts: readonly number[] = [80, 443];
/** getaddrinfo holds a thread of the pool that the whole runner shares. */
const concurrentLookups = 2;

/**
 * The only way out of a sandbox. It resolves names itself, judges **every** address that a name has, and dials the
 * address that was judged, so that a second answer of the DNS changes nothing.
 */
export class EgressGuard {
  private readonly resolve: ResolveName;
  private readonly dial: DialAddress;
  private readonly timeoutMs: number;
  private lookups = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(options: EgressGuardOptions = {}) {
    this.resolve = options.resolve ?? systemResolve;
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.dial = options.dial ?? ((address, port) => systemDial(address, port, this.timeoutMs));
  }

  /** Decides on one target under a policy; dials nothing. */
  async decide(wanted: EgressTarget, policy: EgressPolicy): Promise<EgressDecision> {
    const target = canonicalTarget(wanted);
    if (target === undefined) return refuse(wanted, 'bad_target', 'this is not a host and a port');
    const opened = policy.open.some((entry) => isSame(canonicalTarget(entry), target));
    if (!opened && !(policy.allowPorts ?? defaultPorts).includes(target.port)) {
      return refuse(target, 'port_not_allowed', `port ${target.port} is not open for tasks`);
    }
    const addresses = await this.addressesOf(target.host);
    if (addresses.length === 0) return refuse(target, 'name_not_resolved', 'the name has no address');
    for (const address of addresses) {
      const verdict = judgeAddress(address);
      if (verdict === undefined) return refuse(target, 'bad_target', `the resolver gave ${address}`);
      if (verdict.public) continue;
      // A name that was opened may be private; that it points at a metadata service was nobody's intent.
      const intended = opened && (verdict.reason !== 'metadata_address' || address === target.host);
      if (!intended) return refuse(target, verdict.reason, `its address ${address} is not public (${verdict.kind})`);
    }
    return { allowed: true, addresses, target };
  }

  /** Decides, then connects to the first of the judged addresses that answers. */
  async connect(wanted: EgressTarget, policy: EgressPolicy): Promise<Socket | EgressRefusal> {
    const decision = await this.decide(wanted, policy);
    if (!decision.allowed) return decision.refusal;
    const { addresses, target } = decision;
    let last = 'no address answered';
    for (const address of addresses) {
      try {
        return await this.dial(address, target.port);
      } catch (error) {
        last = (error as Error).message;
      }
    }
    return refusal(target, 'connect_failed', last);
  }

  private async addressesOf(host: string): Promise<readonly string[]> {
    if (judgeAddress(host) !== undefined) return [host];
    if (this.lookups >= concurrentLookups) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.lookups += 1;
    try {
      return await withTimeout(this.resolve(host), this.timeoutMs);
    } catch {
      return [];
    } finally {
      this.lookups -= 1;
      this.waiting.shift()?.();
    }
  }
}

/** True for what `connect` gives instead of a socket. */
export function isRefusal(value: Socket | EgressRefusal): value is EgressRefusal {
  return 'reason' in value;
}

export function refusal(target: EgressTarget, reason: EgressRefusalReason, why: string): EgressRefusal {
  const place = `${target.host}:${target.port}`;
  const verb = reason === 'connect_failed' ? 'no connection' : 'connection refused';
  const advice = adviceOf(reason, place);
  const message = `egress: ${verb} to ${place}: ${why}${advice === undefined ? '' : `; ${advice}`}`;
  return { host: target.host, port: target.port, reason, message };
}

/** What its author, or the operator, can do about it. */
function adviceOf(reason: EgressRefusalReason, place: string): string | undefined {
  switch (reason) {
    case 'address_not_public':
      return `an operator can open exactly ${place} to the organization`;
    case 'port_not_allowed':
      return `declare ${place} as a connection of the pipeline`;
    case 'name_not_resolved':
      return 'check how it is spelled';
    case 'too_many_connections':
      return 'close some before you open more';
    default:
      return undefined;
  }
}

function refuse(target: EgressTarget, reason: EgressRefusalReason, why: string): EgressDecision {
  return { allowed: false, refusal: refusal(target, reason, why) };
}

function isSame(a: EgressTarget | undefined, b: EgressTarget): boolean {
  return a !== undefined && a.host === b.host && a.port === b.port;
}

async function systemResolve(host: string): Promise<readonly string[]> {
  const answers = await lookup(host, { all: true, verbatim: true });
  return answers.map((answer) => answer.address);
}

function systemDial(address: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
