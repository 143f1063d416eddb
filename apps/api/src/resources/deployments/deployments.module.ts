import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import { openObjectStore, type ObjectStore } from '@millrace/object-store';
import { BundleCompiler, CreateDeployment, ReadStates, ValidateBundle } from '@millrace/pipelines';
import type { ApiConfig } from '../../config.js';
import { apiConfig } from '../../edge/index.js';
import { DeploymentsController } from './deployments.controller.js';
import { BundleGuard, PossibleBundleGuard } from './bundle.guard.js';
import { ChangesController } from './changes.controller.js';

const bundles = Symbol('bundles');

/** What dependencies are built for: runners of another system, processor or Node need builds of their own. */
const platform = `${process.platform}-${process.arch}-node${process.versions.node.split('.', 1)[0] ?? ''}`;

@Module({
  controllers: [ChangesController, DeploymentsController],
  providers: [
    {
      provide: bundles,
      useFactory: (config: ApiConfig): Promise<ObjectStore> => openObjectStore(config.objectStore),
      inject: [apiConfig],
    },
    BundleGuard,
    PossibleBundleGuard,
    { provide: BundleCompiler, useFactory: () => new BundleCompiler() },
    {
      provide: ValidateBundle,
      useFactory: (compiler: BundleCompiler) => new ValidateBundle(compiler, platform),
      inject: [BundleCompiler],
    },
    {
      provide: CreateDeployment,
      useFactory: (objects: ObjectStore) => new CreateDeployment(objects),
      inject: [bundles],
    },
    { provide: ReadStates, useFactory: (objects: ObjectStore) => new ReadStates(objects), inject: [bundles] },
  ],
})
export class DeploymentsModule implements OnModuleDestroy {
  constructor(@Inject(BundleCompiler) private readonly compiler: BundleCompiler) {}

  onModuleDestroy(): void {
    this.compiler.close();
  }
}
