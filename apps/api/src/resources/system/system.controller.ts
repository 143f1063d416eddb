import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@millrace/kernel';
import { metrics } from '@millrace/platform';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ApiConfig } from '../../config.js';
import { apiConfig, Operation, Public, Readiness } from '../../edge/index.js';
import { docsAsset, docsPage, docsPolicy } from './docs-page.js';

const openApiFile = fileURLToPath(new URL('../../../openapi.json', import.meta.url));

const health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });
const readiness = z
  .strictObject({
    ready: z.boolean(),
    missing: z.array(z.strictObject({ part: z.string(), reason: z.string() })),
  })
  .meta({ id: 'Readiness' });

const assetPath = z.strictObject({ asset: z.string() });

/** True for a request from this machine that no proxy passed on. */
function isLocal(request: Request): boolean {
  const forwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some(
    (name) => request.get(name) !== undefined,
  );
  const address = request.socket.remoteAddress ?? '';
  return !forwarded && (address === '::1' || /^(::ffff:)?127\./.test(address));
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What is not about an organization: health, metrics, the description of the API and its pages. */
@ApiTags('System')
@Controller()
export class SystemController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(apiConfig) private readonly config: ApiConfig,
  ) {}

  @Get()
  @Public()
  @ApiExcludeEndpoint()
  @Operation({ id: 'landing', summary: 'Where to go' })
  landing(@Res() response: Response): void {
    const { publicUrl } = this.config;
    response.status(200).json({
      name: 'Millrace',
      docs: `${publicUrl}/docs`,
      openapi: `${publicUrl}/v1/openapi.json`,
      api: `${publicUrl}/v1`,
      health: `${publicUrl}/readyz`,
    });
  }

  @Get('healthz')
  @Public({ limited: false })
  @Operation({ id: 'getHealth', summary: 'Is the process up', response: health })
  getHealth(): z.infer<typeof health> {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public({ limited: false })
  @Operation({
    id: 'getReadiness',
    summary: 'Can the process do its work',
    description: '503, with what is missing, where it cannot.',
    response: readiness,
  })
  async getReadiness(@Res({ passthrough: true }) response: Response): Promise<z.infer<typeof readiness>> {
    const missing = await this.readiness.missing();
    if (missing.length > 0) response.status(503);
    return { ready: missing.length === 0, missing };
  }

  @Get('metrics')
  @Public({ limited: false })
  @ApiExcludeEndpoint()
  @Operation({ id: 'getMetrics', summary: 'Metrics of the process', produces: 'text/plain' })
  async getMetrics(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { metricsToken } = this.config;
    const sent = request.get('authorization') ?? '';
    const known = metricsToken !== undefined && sameText(sent, `Bearer ${metricsToken}`);
    // To strangers it does not exist.
    if (!known && !(metricsToken === undefined && isLocal(request))) {
      throw new DomainError('not_found', 'route.not_found', 'there is no such route; see /docs');
    }
    response.type(metrics.contentType).send(await metrics.metrics());
  }

  @Get('v1/openapi.json')
  @Public()
  @ApiExcludeEndpoint()
  @Operation({ id: 'getOpenApi', summary: 'This description', produces: 'application/json' })
  async getOpenApi(@Res() response: Response): Promise<void> {
    response.type('application/json').send(await readFile(openApiFile));
  }

  @Get('docs')
  @Public()
  @ApiExcludeEndpoint()
  @Operation({ id: 'getDocs', summary: 'The API to read', produces: 'text/html' })
  getDocs(@Res() response: Response): void {
    response.set('content-security-policy', docsPolicy).type('text/html').send(docsPage);
  }

  @Get('docs/:asset')
  @Public()
  @ApiExcludeEndpoint()
  @Operation({ id: 'getDocsAsset', summary: 'Files of the page', produces: 'text/plain' })
  async getDocsAsset(
    @Param({ schema: assetPath }) path: z.infer<typeof assetPath>,
    @Res() response: Response,
  ): Promise<void> {
    const asset = await docsAsset(path.asset);
    if (asset === undefined) throw new DomainError('not_found', 'route.not_found', 'there is no such file');
    response.set('cache-control', 'public, max-age=3600').type(asset.type).send(asset.body);
  }
}
