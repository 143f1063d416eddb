import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { yamlOf } from './yaml.js';

const hard = [
  'plain',
  'two words',
  '${{ params.name }}',
  'yes',
  'No',
  'null',
  '~',
  '12',
  '1.5',
  '0x1f',
  '1e3',
  '12:30:45',
  '2026-11-24',
  '',
  ' leading',
  'trailing ',
  'a: b',
  'a #b',
  '- a',
  '"quoted"',
  "it's",
  'tab\there',
  'one\ntwo',
  'one\ntwo\n',
  'one\n\n  two\n',
  'one\ntwo\n\n',
  '  indented\nthen not',
  'line \nwith a space',
  'bell\u0007\nrung',
  '&anchor',
  '*alias',
  '!tag',
  '%directive',
  '@at',
  '`tick',
  '[1, 2]',
  '{a: 1}',
  'päth/ü.ts',
  '=',
  '<<',
  '---',
  '.inf',
  '.5',
];

describe('a definition shown as YAML', () => {
  it('says the same as the JSON', () => {
    const value = {
      pipeline: 'hello',
      texts: hard,
      nested: [[1, [2, { a: [] }]], {}, [], [[]], null, true, false, -1.5, 1e21],
      keys: Object.fromEntries(hard.filter((text) => text !== '<<').map((text) => [text, { text }])),
      tasks: {
        greet: { type: 'sql', statement: 'select 1\nfrom t\n', params: ['${{ item }}'], retry: { maxAttempts: 2 } },
      },
    };

    expect(parse(yamlOf(value))).toEqual(value);
    expect(parse(yamlOf(hard))).toEqual(hard);
    for (const simple of [{}, [], null, 'text', 1]) expect(parse(yamlOf(simple))).toEqual(simple);
  });

  it('reads like YAML that a person wrote', () => {
    const text = yamlOf({ pipeline: 'a', tasks: { b: { needs: ['c', 'd'], statement: 'select 1\nfrom t\n' } } });

    expect(text).toBe(
      [
        'pipeline: a',
        'tasks:',
        '  b:',
        '    needs:',
        '      - c',
        '      - d',
        '    statement: |',
        '      select 1',
        '      from t',
      ].join('\n'),
    );
  });
});
