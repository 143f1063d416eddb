import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiConfig } from './config.js';
import { EdgeModule } from './edge/edge.module.js';
import { GatewayModule } from './gateway/gateway.module.js';

/** One line per resource. */
const resources: DynamicModule['imports'] = [GatewayModule.create()];

@Module({})
export class AppModule {
  static create(config: ApiConfig): DynamicModule {
    return { module: AppModule, imports: [EdgeModule.create(config), ...(resources ?? [])] };
  }
}
