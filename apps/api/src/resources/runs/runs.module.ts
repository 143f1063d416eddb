import { Module } from '@nestjs/common';
import { type ObjectStore, openObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import { CancelRun, ParamsCheck, type StartDirectly, StartRun } from '@millrace/runs';
import type { ApiConfig } from '../../config.js';
import { apiConfig } from '../../edge/index.js';
import { directStart } from '../../gateway/gateway.module.js';
import { outputObjects, OutputText } from './output-text.js';
import { RunDetailsController } from './run-details.controller.js';
import { RunsController } from './runs.controller.js';
import { RunWatch } from './run-watch.js';

@Module({
  controllers: [RunsController, RunDetailsController],
  providers: [
    {
      provide: StartRun,
      useFactory: (directly: StartDirectly | null) =>
        new StartRun(new VersionCache(), new ParamsCheck(), directly ?? undefined),
      inject: [directStart],
    },
    { provide: CancelRun, useFactory: () => new CancelRun() },
    {
      provide: outputObjects,
      useFactory: (config: ApiConfig): Promise<ObjectStore> => openObjectStore(config.objectStore),
      inject: [apiConfig],
    },
    OutputText,
    RunWatch,
  ],
})
export class RunsModule {}
