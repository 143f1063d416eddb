import { Module } from '@nestjs/common';
import { openObjectStore, type ObjectStore } from '@millrace/object-store';
import type { ApiConfig } from '../../config.js';
import { apiConfig } from '../../edge/index.js';

/** Token of the {@link ObjectStore} that resources read from. */
export const objectStore = Symbol('objectStore');

/** The object store, opened once for all resources that import it. */
@Module({
  providers: [
    {
      provide: objectStore,
      useFactory: (config: ApiConfig): Promise<ObjectStore> => openObjectStore(config.objectStore),
      inject: [apiConfig],
    },
  ],
  exports: [objectStore],
})
export class ObjectsModule {}
