import { Module } from '@nestjs/common';
import { PipelinesController } from './pipelines.controller.js';
import { SchemasController } from './schemas.controller.js';

@Module({ controllers: [PipelinesController, SchemasController] })
export class PipelinesModule {}
