import { Body, Controller, Delete, Get, Inject, Module, Param, Post, Query, Req, Res } from '@nestjs/common';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { DomainError, newId } from '@millrace/kernel';
import type { Request, Response } from 'express';
import { z } from 'zod';
import {
  Caller,
  cursorOf,
  EventStreams,
  Mutation,
  Notifications,
  Operation,
  pageOf,
  pageQuery,
  Public,
  Requires,
  toPage,
  Tx,
  Upload,
} from '../edge/index.js';

const note = z.strictObject({ id: z.string(), text: z.string() }).meta({ id: 'Note' });
const notePage = pageOf('NotePage', note);
const noteBody = z.strictObject({ text: z.string().max(20), fail: z.boolean().optional(), slowMs: z.int().optional() });
const listQuery = z.strictObject(pageQuery);
const notePath = z.strictObject({ note: z.string() });

/** A resource over the table of variables: something that a transaction changes and a query sees. */
@Controller('notes')
class NotesController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Notifications) private readonly notifications: Notifications,
  ) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listNotes', summary: 'List', response: notePage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<z.infer<typeof notePage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [after = ''] = cursorOf(query, 1) ?? [];
      const rows = await tx.query<{ name: string; value: string }>(
        `select name, value from variables where tenant_id = $1 and name > $2 order by name limit $3`,
        [tx.tenantId, after, query.limit + 1],
      );
      return toPage(
        rows,
        query,
        (row) => [row.name],
        (row) => ({ id: row.name, text: row.value }),
      );
    });
  }

  @Post()
  @Requires('deploy')
  @Mutation()
  @Operation({ id: 'createNote', summary: 'Create', status: 201, response: note })
  async create(
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: noteBody }) body: z.infer<typeof noteBody>,
  ): Promise<z.infer<typeof note>> {
    const [environment] = await tx.query<{ id: string }>(`select id from environments where tenant_id = $1`, [
      tx.tenantId,
    ]);
    const id = newId('variable');
    await tx.query(`insert into variables (tenant_id, id, environment_id, name, value) values ($1, $2, $3, $2, $4)`, [
      tx.tenantId,
      id,
      environment?.id,
      body.text,
    ]);
    if (body.slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, body.slowMs));
    if (body.fail === true) throw new DomainError('conflict', 'note.refused', 'not this one');
    response.set('location', `/notes/${id}`);
    return { id, text: body.text };
  }

  @Delete(':note')
  @Requires('deploy')
  @Mutation()
  @Operation({ id: 'deleteNote', summary: 'Delete' })
  async remove(
    @Tx() tx: TenantTransaction,
    @Param({ schema: notePath }) path: z.infer<typeof notePath>,
  ): Promise<void> {
    await tx.query(`delete from variables where tenant_id = $1 and name = $2`, [tx.tenantId, path.note]);
  }

  @Post('upload')
  @Requires('deploy')
  @Mutation()
  @Upload({ types: ['application/gzip'], maxBytes: 1000, maxJsonBytes: 2_000_000 })
  @Operation({ id: 'uploadNote', summary: 'Upload', response: z.strictObject({ bytes: z.int() }) })
  upload(@Body() body: Buffer | object): { bytes: number } {
    return { bytes: Buffer.isBuffer(body) ? body.length : JSON.stringify(body).length };
  }

  @Get('broken')
  @Public()
  @Operation({ id: 'breakNote', summary: 'Break', response: note })
  broken(): unknown {
    throw new Error('a secret reason');
  }

  @Get('misfit')
  @Public()
  @Operation({ id: 'misfitNote', summary: 'Misfit', response: note })
  misfit(): unknown {
    return { id: 'x', text: 'y', surplus: 1 };
  }

  @Get('stream/:note')
  @Requires('read')
  @Operation({ id: 'streamNotes', summary: 'Stream', produces: 'text/event-stream' })
  stream(
    @Caller() caller: Caller,
    @Req() req: Request,
    @Res() response: Response,
    @Param({ schema: notePath }) path: z.infer<typeof notePath>,
  ): Promise<void> {
    const { notifications, tenants } = this;
    return this.streams.serve(req, response, async function* (lastEventId, signal) {
      const wake = await notifications.subscribe('runEvents', path.note);
      try {
        let after = lastEventId ?? '';
        while (!signal.aborted) {
          const rows = await tenants.read(caller.tenantId, (tx) =>
            tx.query<{ name: string; value: string }>(
              `select name, value from variables where tenant_id = $1 and name > $2 order by name`,
              [tx.tenantId, after],
            ),
          );
          for (const row of rows) {
            after = row.name;
            if (row.value === 'end') return;
            if (row.value === 'bad') throw new DomainError('unavailable', 'note.gone', 'broke off');
            yield { id: row.name, event: 'note', data: { text: row.value } };
          }
          await wake.next({ timeoutMs: 5_000, signal });
        }
      } finally {
        wake.close();
      }
    });
  }
}

@Module({ controllers: [NotesController] })
export class NotesModule {}
