import { describe, expect, it } from 'vitest';
import { cellAfterKey } from './cells-keys.js';
import { extentOf, layOut, neighbour, viewportOf } from './graph-layout.js';
import type { PlannedTask } from './run-data.js';

const task = (id: string, ...needs: string[]): PlannedTask => ({
  id,
  needs,
  kind: 'attempt',
  mapped: false,
  conditional: false,
});

describe('the graph of a run', () => {
  const places = layOut([task('list'), task('up', 'list'), task('down', 'list'), task('end', 'up', 'down')]);

  it('goes from left to right along the needs, without two tasks in one place', () => {
    const x = (id: string): number => places.get(id)?.x ?? NaN;
    expect(x('list')).toBeLessThan(x('up'));
    expect(x('up')).toBe(x('down'));
    expect(x('up')).toBeLessThan(x('end'));
    expect(places.get('up')?.y).not.toBe(places.get('down')?.y);
  });

  it('leads by arrows to the tasks around one', () => {
    expect(['up', 'down']).toContain(neighbour(places, 'list', 'right'));
    expect(neighbour(places, 'end', 'right')).toBeUndefined();
    expect(neighbour(places, 'list', 'left')).toBeUndefined();
    const [high, low] = (places.get('up')?.y ?? 0) < (places.get('down')?.y ?? 0) ? ['up', 'down'] : ['down', 'up'];
    expect(neighbour(places, high, 'down')).toBe(low);
    expect(neighbour(places, low, 'up')).toBe(high);
  });

  it('is centred where it fits, and shows the chosen task where it does not', () => {
    const { width, height } = extentOf(places);
    const roomy = viewportOf(places, { width: width * 3, height: height * 3 }, undefined);
    expect(roomy).toMatchObject({ zoom: 1, x: width, y: height });
    const narrow = viewportOf(places, { width: 320, height: height * 3 }, 'end');
    const end = places.get('end')?.x ?? 0;
    expect(end * narrow.zoom + narrow.x).toBeGreaterThan(0);
    expect((end + 208) * narrow.zoom + narrow.x).toBeLessThanOrEqual(320);
    expect(viewportOf(places, { width: 320, height: height * 3 }, undefined).x).toBeGreaterThan(0);
  });
});

describe('keys in the cells of a mapped task', () => {
  const grid = { perLine: 10, length: 95, linesInSight: 4 };
  const go = (key: string, from: number, isWhole = false): number | undefined => cellAfterKey(key, isWhole, from, grid);

  it('lead as in a spreadsheet, and never out of the list', () => {
    expect([go('ArrowRight', 9), go('ArrowLeft', 10), go('ArrowDown', 9), go('ArrowUp', 19)]).toEqual([10, 9, 19, 9]);
    expect([go('ArrowRight', 94), go('ArrowLeft', 0), go('ArrowDown', 88), go('ArrowUp', 5)]).toEqual([94, 0, 88, 5]);
    expect([go('Home', 27), go('End', 27), go('End', 93), go('Home', 27, true), go('End', 27, true)]).toEqual([
      20, 29, 94, 0, 94,
    ]);
    expect([go('PageDown', 3), go('PageUp', 45), go('PageUp', 25), go('PageDown', 90)]).toEqual([33, 15, 5, 94]);
    expect(go('a', 3)).toBeUndefined();
  });
});
