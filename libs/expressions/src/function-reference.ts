import { functionKeys } from './functions.js';

/** A function of the language as its users see it. */
export interface FunctionWords {
  /** How it is written, with its arguments. */
  readonly form: string;
  readonly meaning: string;
  readonly example: string;
  /** JSON text that the example gives. */
  readonly result: string;
}

type Words = readonly [form: string, meaning: string, example: string, result: string];

const words: Readonly<Record<string, Words>> = {
  'size/1': ['size(x)', 'characters of a text, items of a list, keys of an object', 'size([1, 2])', '2'],
  'string/1': ['string(x)', 'the value as a text', 'string(3)', '"3"'],
  'int/1': ['int(x)', 'a whole number; fractions are cut off, times become seconds since 1970', 'int("7")', '7'],
  'double/1': ['double(x)', 'a number with a fraction', 'double("1.5")', '1.5'],
  'bool/1': ['bool(x)', 'true or false of the texts "true" and "false"', 'bool("true")', 'true'],
  'timestamp/1': [
    'timestamp(x)',
    'a moment, of an RFC 3339 text or of seconds since 1970',
    'timestamp("2024-02-29T12:00:00+01:00")',
    '"2024-02-29T11:00:00Z"',
  ],
  'duration/1': [
    'duration(x)',
    'a length of time, of a text such as `1h30m`; moments and durations are added and subtracted',
    'timestamp("2024-03-01T00:00:00Z") - duration("24h")',
    '"2024-02-29T00:00:00Z"',
  ],
  'dyn/1': ['dyn(x)', 'the value itself, without its type being checked at deploy', 'dyn(1) == dyn("1")', 'false'],
  'has/1': ['has(x.key)', 'whether the object has the key', 'has(params.city)', 'false'],
  'size/0': ['x.size()', 'the same as size(x)', '"data".size()', '4'],
  'startsWith/1': ['x.startsWith(y)', 'whether the text begins with y', '"data.csv".startsWith("data")', 'true'],
  'endsWith/1': ['x.endsWith(y)', 'whether the text ends with y', '"data.csv".endsWith(".csv")', 'true'],
  'contains/1': ['x.contains(y)', 'whether y is a part of the text', '"data.csv".contains("a.c")', 'true'],
  'matches/1': [
    'x.matches(pattern)',
    'whether the regular expression (RE2) matches a part of the text',
    '"2024-02".matches("^[0-9]{4}-[0-9]{2}$")',
    'true',
  ],
  'lowerAscii/0': ['x.lowerAscii()', 'A to Z in lower case', '"Data".lowerAscii()', '"data"'],
  'upperAscii/0': ['x.upperAscii()', 'a to z in upper case', '"Data".upperAscii()', '"DATA"'],
  'trim/0': ['x.trim()', 'without white space at its ends', '" a ".trim()', '"a"'],
  'indexOf/1': ['x.indexOf(y)', 'where y stands first, from 0; -1 where it does not', '"a-b-c".indexOf("-")', '1'],
  'indexOf/2': ['x.indexOf(y, from)', 'the same, at that place or later', '"a-b-c".indexOf("-", 2)', '3'],
  'lastIndexOf/1': ['x.lastIndexOf(y)', 'where y stands last', '"a-b-c".lastIndexOf("-")', '3'],
  'lastIndexOf/2': ['x.lastIndexOf(y, from)', 'the same, at that place or before', '"a-b-c".lastIndexOf("-", 2)', '1'],
  'substring/1': ['x.substring(from)', 'the text from there on', '"2024-02-29".substring(5)', '"02-29"'],
  'substring/2': [
    'x.substring(from, to)',
    'the text from there to before `to`',
    '"2024-02-29".substring(0, 4)',
    '"2024"',
  ],
  'split/1': ['x.split(y)', 'the parts between every y', '"a,b".split(",")', '["a","b"]'],
  'split/2': ['x.split(y, n)', 'the same, at most n parts', '"a,b,c".split(",", 2)', '["a","b,c"]'],
  'replace/2': ['x.replace(y, z)', 'z in place of every y', '"a-b-c".replace("-", ".")', '"a.b.c"'],
  'join/0': ['x.join()', 'the texts of the list in one', '["a", "b"].join()', '"ab"'],
  'join/1': ['x.join(y)', 'the same, with y between them', '["a", "b"].join(", ")', '"a, b"'],
  'all/2': ['x.all(v, condition)', 'whether it is true of every item', '[1, 2].all(n, n > 0)', 'true'],
  'exists/2': ['x.exists(v, condition)', 'whether it is true of any item', '[1, 2].exists(n, n > 1)', 'true'],
  'exists_one/2': [
    'x.exists_one(v, condition)',
    'whether it is true of exactly one',
    '[1, 2].exists_one(n, n > 0)',
    'false',
  ],
  'map/2': ['x.map(v, value)', 'the list of what each item becomes', '[1, 2].map(n, n * 10)', '[10,20]'],
  'map/3': [
    'x.map(v, condition, value)',
    'the same, of the items for which the condition is true',
    '[1, 2].map(n, n > 1, n * 10)',
    '[20]',
  ],
  'filter/2': ['x.filter(v, condition)', 'the items for which it is true', '[1, 2].filter(n, n > 1)', '[2]'],
  'getFullYear/0': [
    'x.getFullYear()',
    'the year of a moment, in UTC',
    'timestamp("2024-02-29T12:30:45Z").getFullYear()',
    '2024',
  ],
  'getMonth/0': ['x.getMonth()', 'its month, from 0', 'timestamp("2024-02-29T12:30:45Z").getMonth()', '1'],
  'getDate/0': ['x.getDate()', 'its day of the month, from 1', 'timestamp("2024-02-29T12:30:45Z").getDate()', '29'],
  'getDayOfMonth/0': [
    'x.getDayOfMonth()',
    'its day of the month, from 0',
    'timestamp("2024-02-29T12:30:45Z").getDayOfMonth()',
    '28',
  ],
  'getDayOfWeek/0': [
    'x.getDayOfWeek()',
    'its day of the week, Sunday is 0',
    'timestamp("2024-02-29T12:30:45Z").getDayOfWeek()',
    '4',
  ],
  'getDayOfYear/0': [
    'x.getDayOfYear()',
    'its day of the year, from 0',
    'timestamp("2024-02-29T12:30:45Z").getDayOfYear()',
    '59',
  ],
  'getHours/0': [
    'x.getHours()',
    'its hour; all hours of a duration',
    'timestamp("2024-02-29T12:30:45Z").getHours()',
    '12',
  ],
  'getMinutes/0': ['x.getMinutes()', 'its minute; all minutes of a duration', 'duration("1h30m").getMinutes()', '90'],
  'getSeconds/0': ['x.getSeconds()', 'its second; all seconds of a duration', 'duration("1m").getSeconds()', '60'],
  'getMilliseconds/0': [
    'x.getMilliseconds()',
    'its milliseconds; all milliseconds of a duration',
    'duration("1s").getMilliseconds()',
    '1000',
  ],
};

/** Every function that expressions may call, in the order of the table. Throws where one has no words. */
export function functionReference(): readonly FunctionWords[] {
  const keys = functionKeys();
  const missing = keys.find((key) => !Object.hasOwn(words, key));
  if (missing !== undefined) throw new Error(`the function ${missing} has no words in the reference`);
  return Object.entries(words)
    .filter(([key]) => keys.includes(key))
    .map(([, [form, meaning, example, result]]) => ({ form, meaning, example, result }));
}
