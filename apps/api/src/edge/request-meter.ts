import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ControlDatabase } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';
import { addRequests, type RequestCount } from '@millrace/tenancy';

const flushMs = 2_000;

/** Counts requests by caller, and writes the counts down every two seconds: no request waits for it. */
@Injectable()
export class RequestMeter implements OnModuleInit {
  private counts = new Map<string, RequestCount>();
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(ControlDatabase) private readonly control: ControlDatabase) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush(), flushMs).unref();
  }

  count(tenantId: TenantId, actor: string, wasRefused: boolean): void {
    this.add({ tenantId, actor, requests: 1, refused: wasRefused ? 1 : 0 });
  }

  /** Writes down what has been counted so far; what cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = [...this.counts.values()];
    this.counts = new Map();
    await this.control
      .statements((tx) => addRequests(tx, counts))
      .catch(() => {
        for (const count of counts) this.add(count);
      });
  }

  /** The last flush, before the pools close. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private add(more: RequestCount): void {
    const key = `${more.tenantId}|${more.actor}`;
    const known = this.counts.get(key);
    this.counts.set(key, {
      ...more,
      requests: (known?.requests ?? 0) + more.requests,
      refused: (known?.refused ?? 0) + more.refused,
    });
  }
}
