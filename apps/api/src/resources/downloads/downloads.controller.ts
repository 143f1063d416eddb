import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@millrace/kernel';
import type { Response } from 'express';
import { z } from 'zod';
import type { ApiConfig } from '../../config.js';
import { apiConfig, Operation, Public, sendFile } from '../../edge/index.js';

const filePath = z.strictObject({ file: z.string() });
const nameForm = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,200}$/;

/** Packages for people's own machines: the command line, the SDK, the clients. */
@ApiTags('System')
@Controller('downloads')
export class DownloadsController {
  constructor(@Inject(apiConfig) private readonly config: ApiConfig) {}

  @Get(':file')
  @Public()
  @ApiExcludeEndpoint()
  @Operation({ id: 'getDownload', summary: 'A file to download', produces: 'application/octet-stream' })
  async get(@Param({ schema: filePath }) path: z.infer<typeof filePath>, @Res() response: Response): Promise<void> {
    const { downloadsFolder } = this.config;
    // Names carry no digest, so every use asks whether there is a newer one.
    const headers = { 'cache-control': 'no-cache', 'content-disposition': `attachment; filename="${path.file}"` };
    const found =
      downloadsFolder !== undefined &&
      nameForm.test(path.file) &&
      (await sendFile(response, downloadsFolder, path.file, headers));
    if (!found) throw new DomainError('not_found', 'download.not_found', 'there is no such file to download');
  }
}
