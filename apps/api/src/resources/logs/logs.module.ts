import { Module } from '@nestjs/common';
import { TenantDatabase } from '@millrace/database';
import type { ObjectStore } from '@millrace/object-store';
import { Notifications } from '../../edge/index.js';
import { ObjectsModule, objectStore } from '../artifacts/objects.module.js';
import { LogPages } from './log-pages.js';
import { LogStream } from './log-stream.js';
import { LogsController } from './logs.controller.js';

@Module({
  imports: [ObjectsModule],
  controllers: [LogsController],
  providers: [
    {
      provide: LogPages,
      useFactory: (tenants: TenantDatabase, objects: ObjectStore) => new LogPages(tenants, objects),
      inject: [TenantDatabase, objectStore],
    },
    {
      provide: LogStream,
      useFactory: (pages: LogPages, notifications: Notifications) => new LogStream(pages, notifications),
      inject: [LogPages, Notifications],
    },
  ],
})
export class LogsModule {}
