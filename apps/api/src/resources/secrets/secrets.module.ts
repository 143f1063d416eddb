import { Module } from '@nestjs/common';
import { FileKeyWrapper, SecretVault } from '@millrace/tenancy';
import type { ApiConfig } from '../../config.js';
import { apiConfig } from '../../edge/index.js';
import { SecretsController } from './secrets.controller.js';

@Module({
  controllers: [SecretsController],
  providers: [
    {
      provide: SecretVault,
      useFactory: (config: ApiConfig) => new SecretVault(new FileKeyWrapper(config.masterKey)),
      inject: [apiConfig],
    },
  ],
  exports: [SecretVault],
})
export class SecretsModule {}
