import pg from 'pg';

/** How a column's text becomes JSON without losing digits. */
type ReadValue = (text: string) => unknown;

const asText: ReadValue = (text) => text;
const asNumber: ReadValue = (text) => {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
};
/** A number while it is exact as one: count(*) should read as a number, an id of 19 digits must stay itself. */
const asBigint: ReadValue = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
const asTime: ReadValue = (text) => text.replace(' ', 'T').replace(/([+-]\d\d)(?::?(\d\d))?$/, toOffset);

function toOffset(_match: string, hours: string, minutes = '00'): string {
  return hours === '+00' && minutes === '00' ? 'Z' : `${hours}:${minutes}`;
}

interface ColumnType {
  readonly name: string;
  readonly read: ReadValue;
}

/** By type OID; every other type is text, as Postgres prints it. */
const columnTypes: Readonly<Record<number, ColumnType>> = {
  16: { name: 'bool', read: (text) => text === 't' },
  20: { name: 'int8', read: asBigint },
  21: { name: 'int2', read: asNumber },
  23: { name: 'int4', read: asNumber },
  25: { name: 'text', read: asText },
  26: { name: 'oid', read: asNumber },
  114: { name: 'json', read: (text) => JSON.parse(text) as unknown },
  700: { name: 'float4', read: asNumber },
  701: { name: 'float8', read: asNumber },
  1042: { name: 'bpchar', read: asText },
  1043: { name: 'varchar', read: asText },
  1082: { name: 'date', read: asText },
  1083: { name: 'time', read: asText },
  1114: { name: 'timestamp', read: (text) => text.replace(' ', 'T') },
  1184: { name: 'timestamptz', read: asTime },
  1186: { name: 'interval', read: asText },
  1700: { name: 'numeric', read: asText },
  2950: { name: 'uuid', read: asText },
  3802: { name: 'jsonb', read: (text) => JSON.parse(text) as unknown },
  17: { name: 'bytea', read: asText },
};

/** Arrays whose elements are read by the driver's own array parser, by the OID of the array. */
const arrayTypes: Readonly<Record<number, string>> = {
  1000: 'bool[]',
  1005: 'int2[]',
  1007: 'int4[]',
  1009: 'text[]',
  1015: 'varchar[]',
  1021: 'float4[]',
  1022: 'float8[]',
  1016: 'int8[]',
};

/** json and jsonb: what a list is bound to as JSON text instead of a Postgres array. */
export const jsonTypes: ReadonlySet<number> = new Set([114, 3802]);

export function typeName(oid: number): string {
  return columnTypes[oid]?.name ?? arrayTypes[oid] ?? `oid:${oid}`;
}

/** For the driver's `types`. */
export const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => {
    if (arrayTypes[oid] !== undefined) return pg.types.getTypeParser(oid, 'text') as ReadValue;
    return columnTypes[oid]?.read ?? asText;
  }) as pg.CustomTypesConfig['getTypeParser'],
};
