import { Module } from '@nestjs/common';
import { LatencyController } from './latency.controller.js';

@Module({ controllers: [LatencyController] })
export class LatencyModule {}
