import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase } from '@millrace/database';
import { DomainError, type RunId, type TenantId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { type Artifact, findArtifact, findRunStanding, listArtifacts } from '@millrace/runs';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { Caller, cursorOf, EdgeError, inReach, Operation, Requires, sendBytes, toPage } from '../../edge/index.js';
import { toArtifact } from './artifact.mapper.js';
import { artifact, artifactPage, artifactPath, listArtifactsQuery, runPath } from './artifact.schema.js';
import { type ByteRange, rangeOf } from './byte-range.js';
import { attachment, safeMediaType } from './content-headers.js';
import { objectStore } from './objects.module.js';

/** Bytes that are read at a time. */
const partBytes = 256 * 1024;

@ApiTags('Artifacts')
@Controller('v1')
export class ArtifactsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(objectStore) private readonly objects: ObjectStore,
  ) {}

  @Get('runs/:run/artifacts')
  @Requires('read')
  @Operation({
    id: 'listArtifacts',
    summary: 'List the artifacts of a run',
    description: 'Oldest first, those of failed attempts included.',
    response: artifactPage,
  })
  list(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: listArtifactsQuery }) query: z.infer<typeof listArtifactsQuery>,
  ): Promise<z.infer<typeof artifactPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      inReach(caller, 'run', await findRunStanding(tx, path.run));
      const [after] = cursorOf(query, 1) ?? [];
      const page = { after, limit: query.limit + 1 };
      const rows = await listArtifacts(tx, path.run as RunId, { taskId: query.task }, page);
      return toPage(rows, query, (row) => [row.id], toArtifact);
    });
  }

  @Get('artifacts/:artifact')
  @Requires('read')
  @Operation({ id: 'getArtifact', summary: 'Show an artifact', response: artifact })
  async get(
    @Caller() caller: Caller,
    @Param({ schema: artifactPath }) path: z.infer<typeof artifactPath>,
  ): Promise<z.infer<typeof artifact>> {
    return toArtifact(await this.find(caller, path.artifact));
  }

  @Get('artifacts/:artifact/content')
  @Requires('read')
  @Operation({
    id: 'getArtifactContent',
    summary: 'Download an artifact',
    description: 'As a file to be saved, never shown. Takes `Range` (one range), `If-Range` and `If-None-Match`.',
    produces: 'application/octet-stream',
    problems: { 416: 'The artifact has no bytes in that range.' },
  })
  async content(
    @Caller() caller: Caller,
    @Param({ schema: artifactPath }) path: z.infer<typeof artifactPath>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.find(caller, path.artifact);
    const etag = `"${found.digest}"`;
    if (isAmong(request.get('if-none-match'), etag)) {
      response.status(304).set({ etag, 'cache-control': 'private, no-cache' }).end();
      return;
    }
    const stored = await this.objects.stat(caller.tenantId, found.digest);
    if (stored === undefined) {
      throw new DomainError('not_found', 'artifact.content_missing', 'the bytes of the artifact are no longer kept');
    }
    const condition = request.get('if-range');
    const whole = { start: 0, end: stored.sizeBytes - 1 };
    const asked =
      condition === undefined || condition === etag ? rangeOf(request.get('range'), stored.sizeBytes) : undefined;
    if (asked === 'unsatisfiable') {
      response.set('content-range', `bytes */${stored.sizeBytes}`);
      throw new EdgeError(416, 'artifact.range', `the artifact has ${stored.sizeBytes} bytes and none in that range`);
    }
    const range = asked ?? whole;
    response.status(asked === undefined ? 200 : 206).set({
      etag,
      'cache-control': 'private, no-cache',
      'content-length': String(range.end - range.start + 1),
      'content-disposition': attachment(found.name),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      // A tenant's HTML or SVG must not run as a page of ours, whatever a browser makes of the rest.
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      ...(asked === undefined ? {} : { 'content-range': `bytes ${asked.start}-${asked.end}/${stored.sizeBytes}` }),
    });
    // Not through Express, which would add a charset that nobody stated.
    response.setHeader('content-type', safeMediaType(found.contentType));
    await sendBytes(response, this.bytes(caller.tenantId, found.digest, range));
  }

  private find(caller: Caller, id: string): Promise<Artifact> {
    return this.tenants.read(caller.tenantId, async (tx) => inReach(caller, 'artifact', await findArtifact(tx, id)));
  }

  private async *bytes(tenantId: TenantId, digest: string, { start, end }: ByteRange): AsyncGenerator<Buffer> {
    for (let offset = start; offset <= end; offset += partBytes) {
      const length = Math.min(partBytes, end - offset + 1);
      const part = await this.objects.readRange(tenantId, digest, offset, length);
      if (part.length !== length) throw new Error(`object ${digest} is shorter than it was`);
      yield part;
    }
  }
}

/** Whether an `If-None-Match` names the tag. */
function isAmong(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
