import { Module } from '@nestjs/common';
import { WebhookSecrets } from '@millrace/alerts';
import { SealedText } from '@millrace/tenancy';
import type { ApiConfig } from '../../config.js';
import { apiConfig } from '../../edge/index.js';
import { DeliveriesController } from './deliveries.controller.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  controllers: [WebhooksController, DeliveriesController],
  providers: [
    {
      provide: WebhookSecrets,
      useFactory: (config: ApiConfig) => new WebhookSecrets(new SealedText(config.masterKey, 'webhook-secrets')),
      inject: [apiConfig],
    },
  ],
})
export class WebhooksModule {}
