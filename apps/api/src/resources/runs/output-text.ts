import { Inject, Injectable } from '@nestjs/common';
import { TenantDatabase } from '@millrace/database';
import { DomainError, type TenantId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { findOutputShape, listTaskOutputs, type OutputPlace } from '@millrace/runs';
import { isTerminalTaskState } from '@millrace/contracts';

/** Token of the object store that holds large outputs. */
export const outputObjects = Symbol('outputObjects');

/** Instances of a mapped task that are read at a time. */
const chunk = 100;

/** Reads the outputs of tasks as the JSON text that they returned, to the byte, however large. */
@Injectable()
export class OutputText {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(outputObjects) private readonly objects: ObjectStore,
  ) {}

  /**
   * The text of one instance, or of the list of all instances of a mapped task, in which those without an output are
   * null. @throws DomainError `task.not_found`, `output.not_found`
   */
  async open(
    tenantId: TenantId,
    runId: string,
    taskId: string,
    mapIndex: number | undefined,
  ): Promise<AsyncIterable<Uint8Array | string>> {
    const found = await this.tenants.read(tenantId, async (tx) => ({
      shape: await findOutputShape(tx, runId, taskId),
      places: await listTaskOutputs(tx, runId, taskId, { from: mapIndex ?? -1, limit: 1 }),
    }));
    const { shape, places } = found;
    if (shape === undefined) throw new DomainError('not_found', 'task.not_found', `the run has no task "${taskId}"`);
    const length = shape.mapLength;
    if (mapIndex === undefined && length !== null && length > 0) {
      if (isTerminalTaskState(shape.state)) return this.list(tenantId, runId, taskId, length);
      throw notFound(`task "${taskId}" is ${shape.state}: its list is complete when all its instances have ended`);
    }
    const [place] = places;
    if (place !== undefined) return this.textOf(tenantId, place);
    // A timer succeeds without an attempt, and returns nothing.
    if (shape.state === 'succeeded' && mapIndex === undefined) return single('null');
    throw notFound(`task "${taskId}" has no output (${shape.state})`);
  }

  private async *list(
    tenantId: TenantId,
    runId: string,
    taskId: string,
    length: number,
  ): AsyncGenerator<Uint8Array | string> {
    for (let from = 0; from < length; from += chunk) {
      const places = await this.tenants.read(tenantId, (tx) =>
        listTaskOutputs(tx, runId, taskId, { from, limit: Math.min(chunk, length - from) }),
      );
      const byIndex = new Map(places.map((place) => [place.mapIndex, place]));
      for (let index = from; index < Math.min(from + chunk, length); index += 1) {
        yield index === 0 ? '[' : ',';
        const place = byIndex.get(index);
        if (place === undefined) yield 'null';
        else yield* await this.textOf(tenantId, place);
      }
    }
    yield ']';
  }

  private async textOf(tenantId: TenantId, place: OutputPlace): Promise<AsyncIterable<Uint8Array | string>> {
    if (place.digest === null) return single(place.text ?? 'null');
    return (await this.objects.stream(tenantId, place.digest)) as AsyncIterable<Uint8Array>;
  }
}

function notFound(message: string): DomainError {
  return new DomainError('not_found', 'output.not_found', message);
}

async function* single(text: string): AsyncGenerator<string> {
  yield text;
}
