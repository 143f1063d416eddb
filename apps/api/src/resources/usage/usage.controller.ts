import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listLedgerEntries, listUsage, readUsageTotal } from '@millrace/billing';
import { TenantDatabase } from '@millrace/database';
import { DomainError, type RunId } from '@millrace/kernel';
import { findRunStanding, listAttemptCosts, readRunCost } from '@millrace/runs';
import { resolveEnvironment } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { Caller, cursorOf, EdgeError, inReach, Operation, Requires, sendBytes, toPage } from '../../edge/index.js';
import { ledgerCsv } from './ledger-csv.js';
import { toAttemptCost, toLedgerEntry, toRunCost, toUsageLine, toUsageSums } from './usage.mapper.js';
import { ledgerPage, listLedgerQuery, runCost, runCostQuery, runPath, usage, usageQuery } from './usage.schema.js';

const maxSpanMs = 366 * 24 * 3_600_000;

@ApiTags('Usage')
@Controller('v1')
export class UsageController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get('runs/:run/cost')
  @Requires('read')
  @Operation({
    id: 'getRunCost',
    summary: 'Show what a run costs',
    description: 'So far, to the nano-dollar, as the ledger has it: the whole, by task, and a page of the attempts.',
    response: runCost,
  })
  cost(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: runCostQuery }) query: z.infer<typeof runCostQuery>,
  ): Promise<z.infer<typeof runCost>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [after] = cursorOf(query, 1) ?? [];
      const runId = path.run as RunId;
      const [standing, cost, attempts] = await Promise.all([
        findRunStanding(tx, runId),
        readRunCost(tx, runId),
        listAttemptCosts(tx, runId, { after, limit: query.limit + 1 }),
      ]);
      inReach(caller, 'run', standing);
      return { ...toRunCost(cost), ...toPage(attempts, query, ({ id }) => [id], toAttemptCost) };
    });
  }

  @Get('usage')
  @Requires('read')
  @Operation({
    id: 'getUsage',
    summary: 'Show usage',
    description: 'List prices, before discounts and credits. At most 366 days.',
    response: usage,
  })
  usage(
    @Caller() caller: Caller,
    @Query({ schema: usageQuery }) query: z.infer<typeof usageQuery>,
  ): Promise<z.infer<typeof usage>> {
    const to = query.to ?? new Date();
    // The month of the last moment that counts: `to` itself is left out.
    const last = new Date(to.getTime() - 1);
    const from = query.from ?? new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1));
    checkSpan(from, to);
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environmentId =
        query.environment === undefined
          ? caller.environmentId
          : (await resolveEnvironment(tx, caller.environmentId, query.environment)).id;
      const filter = { from, to, environmentId };
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listUsage(tx, query.groupBy, filter, { after, limit: query.limit + 1 });
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        groupBy: query.groupBy,
        ...toUsageSums(await readUsageTotal(tx, filter)),
        ...toPage(rows, query, (row) => [row.key], toUsageLine),
      };
    });
  }

  @Get('ledger')
  @Requires('read')
  @Operation({
    id: 'listLedger',
    summary: 'List the entries of the ledger',
    description:
      'Newest first. With `Accept: text/csv` and no query: the whole ledger of the organization, in the order of its chain, with the hashes, so that it can be verified.',
    response: ledgerPage,
    alsoProduces: { 'text/csv': 'The whole ledger: a line for each entry, in the order of the chain.' },
  })
  async ledger(
    @Caller() caller: Caller,
    @Query({ schema: listLedgerQuery }) query: z.infer<typeof listLedgerQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<z.infer<typeof ledgerPage> | undefined> {
    response.vary('accept');
    if (request.accepts(['application/json', 'text/csv']) === 'text/csv') {
      await this.export(caller, request, response);
      return undefined;
    }
    const page = await this.tenants.read(caller.tenantId, async (tx) => {
      const [before] = cursorOf(query, 1) ?? [];
      const filter = { runId: query.run, from: query.from, to: query.to, environmentId: caller.environmentId };
      const rows = await listLedgerEntries(tx, filter, { before, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.id], toLedgerEntry);
    });
    response.json(page);
    return page;
  }

  private async export(caller: Caller, request: Request, response: Response): Promise<void> {
    if (caller.environmentId !== undefined) {
      throw new DomainError(
        'forbidden',
        'auth.environment_bound',
        'the export is the ledger of the whole organization, and the API key is bound to one environment',
      );
    }
    if (Object.keys(request.query).length > 0) {
      throw new EdgeError(400, 'ledger.whole_only', 'the export is always the whole ledger: ask without a query');
    }
    response.status(200).type('text/csv').set('content-disposition', 'attachment; filename="millrace-ledger.csv"');
    await sendBytes(response, ledgerCsv(this.tenants, caller.tenantId));
  }
}

function checkSpan(from: Date, to: Date): void {
  const spanMs = to.getTime() - from.getTime();
  if (spanMs > 0 && spanMs <= maxSpanMs) return;
  const message = spanMs > 0 ? 'the time from `from` to `to` is longer than 366 days' : '`from` must lie before `to`';
  throw new EdgeError(400, 'request.invalid_query', message, [
    { code: 'usage.span', message, pointer: '/from', hint: 'ask for less at a time' },
  ]);
}
