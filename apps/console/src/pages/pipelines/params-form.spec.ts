import { describe, expect, it } from 'vitest';
import { fieldsOf, jsonOf, objectOf, type ParamField, shownOf } from './params-form.js';

const schema = {
  type: 'object',
  required: ['city'],
  properties: {
    city: { type: 'string', enum: ['Seattle', 'New York'], default: 'Seattle' },
    report: { type: 'boolean', default: true },
    limit: { type: 'integer', description: 'Rows at most.' },
    rate: { type: 'number', default: 0.5 },
    note: { type: 'string', title: 'A note' },
    from: { type: 'string', format: 'date' },
    tags: { type: 'array', items: { type: 'string' }, default: ['a'] },
    anything: {},
  },
};

const field = (name: string): ParamField => {
  const found = fieldsOf(schema).find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no field ${name}`);
  return found;
};

describe('the form of params', () => {
  it('has a control per property, with what the schema says of it', () => {
    expect(fieldsOf(schema).map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'city: choice',
      'report: switch',
      'limit: integer',
      'rate: number',
      'note: text',
      'from: date',
      'tags: json',
      'anything: json',
    ]);
    expect(field('city')).toMatchObject({
      required: true,
      choices: ['"Seattle"', '"New York"'],
      fallback: '"Seattle"',
    });
    expect(field('limit')).toMatchObject({ required: false, description: 'Rows at most.' });
    expect(field('note').title).toBe('A note');
    expect(fieldsOf({})).toEqual([]);
    expect(fieldsOf(true)).toEqual([]);
  });

  it('shows defaults and gives the same JSON back', () => {
    for (const each of fieldsOf(schema).filter(({ fallback }) => fallback !== undefined)) {
      expect(jsonOf(each, shownOf(each, each.fallback)), each.name).toEqual({ json: each.fallback });
    }
  });

  it('keeps numbers to the digit and refuses what is none', () => {
    expect(jsonOf(field('limit'), '1152921504606846977')).toEqual({ json: '1152921504606846977' });
    expect(jsonOf(field('rate'), '2.0')).toEqual({ json: '2.0' });
    expect(jsonOf(field('limit'), '2.5')).toEqual({ message: 'Must be a whole number.' });
    expect(jsonOf(field('rate'), '1,5')).toEqual({ message: 'Must be a number.' });
    expect(jsonOf(field('limit'), ' ')).toEqual({ json: undefined });
    expect(jsonOf(field('tags'), '[1')).toHaveProperty('message');
    expect(jsonOf(field('note'), '')).toEqual({ json: undefined });
    expect(
      objectOf([
        ['limit', '1152921504606846977'],
        ['a"b', 'null'],
      ]),
    ).toBe('{"limit":1152921504606846977,"a\\"b":null}');
  });
});
