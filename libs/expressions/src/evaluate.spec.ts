import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { evaluate, evaluateCondition, evaluateList, renderJson } from './evaluate.js';
import type { ExpressionScope } from './scope.js';

const output =
  '{"a": 2.0, "big":1152921504606846977, "huge":1e400, "rows": [ {"n": 1}, {"n": 2.50} ], "text": "x\\u0041"}';
const scope: ExpressionScope = {
  params: '{"city": "seattle", "n": 3, "nothing": null, "list": [3, 1, 2], "map": {"k": "v"}}',
  tasks: { extract: { output, state: 'succeeded' }, 'load-rows': { state: 'skipped' } },
  item: '{"year": 2014}',
  index: 7,
  run: { id: 'run_1', createdAt: '2024-02-29T12:30:45.678Z' },
  vars: { REGION: 'eu' },
};

describe('evaluate', () => {
  it.each([
    ['tasks.extract.output.a', '2.0'],
    ['tasks.extract.output.big', '1152921504606846977'],
    ['tasks.extract.output.huge', '1e400'],
    ['tasks.extract.output', output],
    ['tasks.extract.output.rows[1]', '{"n": 2.50}'],
    ['[tasks.extract.output.huge, 1]', '[1e400,1]'],
    ['{"r": tasks.extract.output.rows.filter(r, r.n > 2)}', '{"r":[{"n": 2.50}]}'],
    ['tasks.extract.output.rows.map(r, r.n)', '[1,2.50]'],
    ['true ? tasks.extract.output.big : 0', '1152921504606846977'],
    ['tasks.extract.output.text', '"x\\u0041"'],
  ])('hands %s on with every character', (source, expected) => {
    expect(evaluate(source, scope)).toBe(expected);
  });

  it.each([
    ['tasks.extract.output.big + 1', '1152921504606846978'],
    ['tasks.extract.output.big == 1152921504606846977', 'true'],
    ['tasks.extract.output.big == 1152921504606846976', 'false'],
    ['tasks.extract.output.a', '2.0'],
    ['tasks.extract.output.a == 2', 'true'],
    ['tasks.extract.output.a * 1.5', '3.0'],
    ['params.n * 1.5', '4.5'],
    ['params.n / 2', '1'],
    ['params.n / 2.0', '1.5'],
    ['tasks["load-rows"].output', 'null'],
    ['tasks["load-rows"].output == null', 'true'],
    ['tasks["load-rows"].state', '"skipped"'],
    ['tasks.extract.output.text + "!"', '"xA!"'],
    ['item.year + index', '2021'],
    ['vars.REGION + "-1"', '"eu-1"'],
    ['run.id', '"run_1"'],
    ['timestamp(run.createdAt).getDayOfYear()', '59'],
    ['string(timestamp(run.createdAt) - duration("24h"))', '"2024-02-28T12:30:45.678Z"'],
    ['string(timestamp(run.createdAt)).substring(0, 10)', '"2024-02-29"'],
    ['timestamp("2024-01-01T00:00:00Z")', '"2024-01-01T00:00:00Z"'],
    ['has(params.city) && !has(params.nope)', 'true'],
    ['params.nope == 1 || true', 'true'],
    ['params.list.exists(x, x / 0 == 1 || x == 2)', 'true'],
    ['"a/b c".replace("/", "-")', '"a-b c"'],
    ['size("😀é")', '2'],
    ['"😀é".substring(1)', '"é"'],
    ['"a😀b".indexOf("b")', '2'],
    ['double(1)', '1.0'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['params.map.map(k, k)', '["k"]'],
    ['"k" in params.map', 'true'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source, scope)).toBe(expected);
  });

  it.each([
    ['params.nope', 'expression.no_such_key', 0],
    ['1 + params.city.nope', 'expression.type', 4],
    ['params.list[9]', 'expression.out_of_range', 0],
    ['params.n / 0', 'expression.division_by_zero', 0],
    ['9223372036854775807 + 1', 'expression.overflow', 0],
    ['params.city + params.n', 'expression.type', 0],
    ['params.nope == 1 || false', 'expression.no_such_key', 0],
    ['int("x")', 'expression.conversion', 0],
    ['timestamp("2024-13-01T00:00:00Z")', 'expression.conversion', 0],
    ['"a".matches("(")', 'expression.regex', 0],
    ['tasks.nope.output', 'expression.no_such_key', 0],
    ['1.0 / 0.0', 'expression.overflow', undefined],
    ['tasks.extract.output.huge + 1', 'expression.overflow', 0],
    ['nope', 'expression.unknown_name', 0],
    ['1 +', 'expression.syntax', 3],
  ])('%s fails with %s', (source, code, offset) => {
    expect(() => evaluate(source, scope)).toThrow(expect.objectContaining({ code, offset }));
  });

  it('agrees with the library on everything that both can do', () => {
    const params = '{"a":3,"b":2.5,"s":"hello","list":[1,2,3],"map":{"k":"v","n":1},"yes":true,"nil":null}';
    const context = {
      params: { a: 3n, b: 2.5, s: 'hello', list: [1n, 2n, 3n], map: { k: 'v', n: 1n }, yes: true, nil: null },
    };
    const sources = [
      '@a + 1',
      '@a - 5',
      '@a * @a',
      '@a / 2',
      '-@a % 2',
      '@a % 2',
      '@b * 2.0',
      '@b / 2.0',
      '-@b',
      '-@a',
      '@a > 2',
      '@a >= @b',
      '@a < @b',
      '@s < "world"',
      '@a == 3',
      '@a == 3.0',
      '@a != 4',
      '@s == "hello"',
      '@list == [1,2,3]',
      '@list != [1,2]',
      '@map == {"k": "v", "n": 1}',
      '@nil == null',
      '"1" == "1"',
      '@yes && @a > 1',
      '@yes || @a / 0 == 1',
      '!@yes',
      '@a > 2 ? "x" : "y"',
      '2 in @list',
      '5 in @list',
      '"k" in @map',
      '"z" in @map',
      '@list.all(x, x > 0)',
      '@list.exists(x, x == 2)',
      '@list.exists_one(x, x > 2)',
      '@list.map(x, x * 2)',
      '@list.map(x, x > 1, x * 2)',
      '@list.filter(x, x != 2)',
      '@list.map(x, @list.map(y, x * y))',
      'size(@list)',
      'size(@s)',
      '@s.size()',
      '@map.size()',
      '@list + [4]',
      '@s + "!"',
      '@s.startsWith("he")',
      '@s.endsWith("x")',
      '@s.contains("ll")',
      '@s.matches("^h.*o$")',
      '@s.upperAscii()',
      '"ABC".lowerAscii()',
      '" x ".trim()',
      '@s.indexOf("l")',
      '@s.indexOf("l", 3)',
      '@s.lastIndexOf("l")',
      '@s.indexOf("z")',
      '@s.substring(1)',
      '@s.substring(1, 3)',
      '"a,b,c".split(",")',
      '"a,b,c".split(",", 2)',
      '["a","b"].join("-")',
      '["a","b"].join()',
      'int("42")',
      'int(2.9)',
      'int(-2.9)',
      'double("1.5")',
      'double(3)',
      'string(3)',
      'string(true)',
      'string(@b)',
      'bool("true")',
      '@map.k',
      '@map["k"]',
      '@list[1]',
      'has(@map.k)',
      'has(@map.z)',
      '0x1F',
      '1e3',
      '"\\u00e9\\n"',
      'r"a\\d"',
      "'single'",
      '{"x": [1, {"y": 2}]}',
      '[1, "a", true, null]',
      'timestamp("2024-02-29T12:30:45Z").getFullYear()',
      'timestamp("2024-02-29T12:30:45Z").getMonth()',
      'timestamp("2024-02-29T12:30:45Z").getDate()',
      'timestamp("2024-02-29T12:30:45Z").getDayOfWeek()',
      'timestamp("2024-02-29T12:30:45Z").getHours()',
      'timestamp("2024-03-01T00:00:00Z") - timestamp("2024-02-29T00:00:00Z") == duration("24h")',
      'timestamp("2024-02-29T00:00:00Z") + duration("36h") > timestamp("2024-03-01T00:00:00Z")',
      'duration("1h30m").getMinutes()',
    ];
    const library = new Environment({ homogeneousAggregateLiterals: false, unlistedVariablesAreDyn: true });
    for (const source of sources.map((one) => one.replaceAll('@', 'params.'))) {
      expect(evaluate(source, { params }), source).toBe(jsonOf(library.evaluate(source, context)));
    }
  });

  it('lets an int meet a double, which JSON does not tell apart', () => {
    expect(evaluate('params.x * 1.8 + 32.0', { params: '{"x": 20}' })).toBe('68.0');
    expect(evaluate('params.x * 1.8 + 32.0', { params: '{"x": 20.0}' })).toBe('68.0');
  });
});

/** JSON text of a value of the library's. */
function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${jsonOf(member)}`)
    .join(',')}}`;
}

describe('evaluateCondition and evaluateList', () => {
  it('take bools and lists and nothing else', () => {
    expect(evaluateCondition('params.city == "seattle"', scope)).toBe(true);
    expect(() => evaluateCondition('params.city', scope)).toThrow(
      expect.objectContaining({ code: 'expression.not_a_condition' }),
    );
    expect(evaluateList('tasks.extract.output.rows', scope)).toEqual({ text: '[ {"n": 1}, {"n": 2.50} ]', length: 2 });
    expect(() => evaluateList('params.map', scope)).toThrow(expect.objectContaining({ code: 'expression.not_a_list' }));
  });
});

describe('renderJson', () => {
  it('puts values in with their type and digits, and into texts as text', () => {
    const template = {
      whole: '${{ tasks.extract.output }}',
      number: '${{ tasks.extract.output.huge }}',
      text: 'year ${{ item.year }} of ${{ params.city }}, ${{ params.list }}',
      plain: ['a', 1.5, true, null, { '${{ key }}': 'x' }],
      escaped: '$${{ x }}',
    };

    expect(renderJson(template, scope)).toBe(
      `{"whole":${output},"number":1e400,"text":"year 2014 of seattle, [3, 1, 2]",` +
        '"plain":["a",1.5,true,null,{"${{ key }}":"x"}],"escaped":"${{ x }}"}',
    );
  });

  it('refuses to make a text of null', () => {
    expect(() => renderJson('x ${{ params.nothing }}', scope)).toThrow(
      expect.objectContaining({ code: 'expression.null_in_text' }),
    );
    expect(renderJson('${{ params.nothing }}', scope)).toBe('null');
  });

  it('leaves undefined members out and makes null of an absent template', () => {
    expect(renderJson(undefined, scope)).toBe('null');
    expect(renderJson({ a: undefined, b: 1 }, scope)).toBe('{"b":1}');
  });
});

describe('hostile expressions', () => {
  const numbers = JSON.stringify(Array.from({ length: 100_000 }, (_, i) => i));
  const letters = (count: number) => JSON.stringify('a'.repeat(count));
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['three nested loops over a big list', 'item.all(a, item.all(b, item.all(c, true)))', numbers],
    ['a list of copies of a big list', 'item.map(a, item)', numbers],
    ['a text that doubles', `["x"]${'.map(a, a + a)'.repeat(60)}`, 'null'],
    ['a list that doubles', `[[1, 2]]${'.map(a, a + a)'.repeat(60)}`, 'null'],
    ['a tree that doubles', `[1]${'.map(a, [a, a])'.repeat(60)}`, 'null'],
    ['a regular expression that backtracks', 'item.matches("(a+)+$")', letters(2_000_000)],
    ['deep equality of deep values', 'item == item', nested(200_000)],
    ['deep equality of less deep values', 'item == item', nested(20_000)],
    ['a search that is quadratic', 'item.contains(item.substring(0, 500000) + "b")', letters(1_000_000)],
    ['splitting to bits', 'item.split("").map(x, item.split(""))', letters(100_000)],
    ['joining copies', 'item.map(a, "x").map(b, item.map(a, "y").join(","))', numbers],
    ['forgiven errors', 'item.exists(a, a / 0 == 1 || item.exists(b, b / 0 == 1))', numbers],
    ['a text put into itself', '[item].map(a, a.replace("a", a)).map(b, b.replace("a", b))', letters(100_000)],
  ])('%s stops with an error, soon', (_, source, item) => {
    const started = performance.now();

    expect(() => evaluate(source, { item })).toThrow(expect.objectContaining({ code: 'expression.limit' }));
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it.each([
    '('.repeat(2000),
    `${'!'.repeat(4000)}true`,
    `${'-'.repeat(4000)}1`,
    `1${'+1'.repeat(2000)}`,
    '['.repeat(1000),
    `params${'.a'.repeat(2000)}`,
    `[${'1,'.repeat(600)}1]`,
    `true${' ? true : true'.repeat(200)}`,
    '\\0',
    '${{',
    '"',
    `'''`,
    '\u0000',
    'a'.repeat(4097),
  ])('refuses to parse %#', (source) => {
    expect(() => evaluate(source, {})).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('does not reach the prototypes of JavaScript', () => {
    const sources = [
      'params.constructor',
      'params.__proto__',
      'params["constructor"]',
      'params.toString',
      'item.length',
    ];
    for (const source of [...sources, '"a".constructor']) {
      expect(() => evaluate(source, { params: '{}', item: '[]' }), source).toThrow(
        expect.objectContaining({ kind: 'invalid' }),
      );
    }
    expect(evaluate('params.__proto__', { params: '{"__proto__": 1}' })).toBe('1');
  });

  it('charges the template as a whole', () => {
    const template = Array.from({ length: 50 }, () => '${{ item.filter(a, a > 5) }}');

    expect(() => renderJson(template, { item: numbers })).toThrow(
      expect.objectContaining({ code: 'expression.limit' }),
    );
  });
});
