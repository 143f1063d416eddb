import { describe, expect, it } from 'vitest';
import { checkExpression, checkTemplate, outputsNeeded, templateReferences } from './check.js';
import { evaluate } from './evaluate.js';
import { functionReference } from './function-reference.js';
import type { ScopeName } from './scope.js';

const outside: readonly ScopeName[] = ['params', 'tasks', 'run', 'vars'];

function problems(source: string): [string, number, string | undefined][] {
  return checkExpression(source, outside).problems.map(({ code, offset, hint }) => [code, offset, hint]);
}

describe('checkExpression', () => {
  it('gives the references as far as they are written out', () => {
    const { references, problems: found } = checkExpression(
      'tasks["load-rows"].output.rows.filter(r, r.n > params.min && vars.A == r.a)[0] == tasks.b.state',
    );

    expect(found).toEqual([]);
    expect(references).toEqual([
      { root: 'tasks', path: ['load-rows', 'output', 'rows'], offset: 0 },
      { root: 'params', path: ['min'], offset: 47 },
      { root: 'vars', path: ['A'], offset: 61 },
      { root: 'tasks', path: ['b', 'state'], offset: 82 },
    ]);
    expect(outputsNeeded(references)).toEqual(['load-rows']);
  });

  it.each([
    ['paramz.x', 'expression.unknown_name', 0, 'did you mean "params"?'],
    ['item.x', 'expression.unknown_name', 0, 'give the task a "map" with "over"'],
    [
      '1 + foo(2)',
      'expression.unknown_function',
      4,
      'known are size, string, int, double, bool, timestamp, duration, dyn, has',
    ],
    ['params.x.startWith("a")', 'expression.unknown_function', 8, 'did you mean "startsWith"?'],
    ['startsWith(params.x, "a")', 'expression.unknown_function', 0, 'write x.startsWith(…)'],
    ['params.x.int()', 'expression.unknown_function', 8, 'write int(x)'],
    ['tasks', 'expression.dynamic_task', 0, 'for example tasks.extract.output or tasks["load-rows"].output'],
    [
      'tasks[params.x].output',
      'expression.dynamic_task',
      0,
      'for example tasks.extract.output or tasks["load-rows"].output',
    ],
    ['tasks.a', 'expression.no_such_key', 0, 'tasks.a.output is what it returned, tasks.a.state how it ended'],
    ['tasks.a.outptu', 'expression.no_such_key', 0, 'tasks.a.output is what it returned, tasks.a.state how it ended'],
    ['run.name', 'expression.no_such_key', 0, 'it has "id" and "createdAt"'],
    ['"a" * 2', 'expression.type', 0, undefined],
    ['!"a"', 'expression.type', 0, undefined],
    ['b"bytes"', 'expression.not_supported', 0, undefined],
    ['1u', 'expression.not_supported', 0, undefined],
    ['1 +', 'expression.syntax', 3, undefined],
    ['has(1)', 'expression.syntax', 0, 'for example has(params.city)'],
  ])('finds what is wrong with %s', (source, code, offset, hint) => {
    expect(problems(source)).toContainEqual([code, offset, hint]);
  });

  it('reports all problems at once', () => {
    expect(problems('tasks.a.x + foo(1) + nope')).toHaveLength(3);
  });

  it('lets the variables of macros hide the scope', () => {
    expect(checkExpression('params.list.map(item, item.x)', outside).problems).toEqual([]);
    expect(checkExpression('params.list.map(tasks, tasks)', outside).problems).toEqual([]);
  });
});

describe('checkTemplate', () => {
  it('counts offsets from the beginning of the text', () => {
    const { references, problems: found } = checkTemplate('a ${{ params.x }} b ${{ nope }}', outside);

    expect(references).toEqual([{ root: 'params', path: ['x'], offset: 6 }]);
    expect(found).toMatchObject([{ code: 'expression.unknown_name', offset: 24 }]);
    expect(checkTemplate('a ${{ x', outside).problems).toMatchObject([{ code: 'expression.unclosed', offset: 2 }]);
  });

  it('finds the references of whole templates', () => {
    const template = {
      a: ['${{ tasks.x.output }}', { b: '${{ tasks.y.output.z }} ${{ tasks.x.state }}' }],
      c: 1,
      d: null,
    };

    expect(outputsNeeded(templateReferences(template))).toEqual(['x', 'y']);
  });
});

describe('the reference of functions', () => {
  it.each(functionReference().map(({ example, result }) => [example, result]))('has %s give %s', (example, result) => {
    expect(checkExpression(example).problems).toEqual([]);
    expect(evaluate(example, {})).toBe(result);
  });
});
