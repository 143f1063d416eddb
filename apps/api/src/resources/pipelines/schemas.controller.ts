import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pipelineSchemaText } from '@millrace/pipelines';
import type { Response } from 'express';
import { createHash } from 'node:crypto';
import { Operation, Public } from '../../edge/index.js';

/** Schemas of what people write; editors fetch them, without a credential. */
@ApiTags('Pipelines')
@Controller('v1/schemas')
export class SchemasController {
  private readonly text = Buffer.from(pipelineSchemaText());
  private readonly etag = `"${createHash('sha256').update(this.text).digest('hex').slice(0, 32)}"`;

  @Get('pipeline.json')
  @Public()
  @Operation({
    id: 'getPipelineSchema',
    summary: 'JSON Schema of the pipeline format',
    description:
      'Draft 2020-12. Editors complete and check definitions with it: `# yaml-language-server: $schema=<address of this>` as the first line of a YAML file.',
    produces: 'application/schema+json',
  })
  get(@Res() response: Response): void {
    response.set({
      'cache-control': 'public, max-age=3600',
      etag: this.etag,
      // It is the same for everybody and holds nothing of anybody.
      'access-control-allow-origin': '*',
    });
    response.type('application/schema+json').send(this.text);
  }
}
