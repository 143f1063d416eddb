import { Module } from '@nestjs/common';
import { ArtifactsController } from './artifacts.controller.js';
import { ObjectsModule } from './objects.module.js';

@Module({ imports: [ObjectsModule], controllers: [ArtifactsController] })
export class ArtifactsModule {}
