/** A small typed way to write the JSON Schema (2020-12) of params. */

declare const schemaType: unique symbol;

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** A JSON Schema whose values are of type `T`. */
export interface Schema<T, Optional extends boolean = boolean> {
  /** Exists in the type only. */
  readonly [schemaType]?: T;
  readonly json: JsonObject;
  /** True where a caller may leave the value out. */
  readonly optional: Optional;
}

export type Fields = Readonly<Record<string, Schema<unknown>>>;

/** Type of a schema's values, defaults filled in. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;
/** Type of an object with these fields, defaults filled in. */
export type TypeOfFields<F extends Fields> = { readonly [Key in keyof F]: TypeOf<F[Key]> };

/** What a schema library offers that follows Standard JSON Schema (https://standardschema.dev/json-schema). */
export interface StandardJsonSchema<T = unknown> {
  readonly '~standard': {
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
    readonly jsonSchema: { readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> };
  };
}

interface Described {
  readonly title?: string;
  readonly description?: string;
}
interface WithDefault<T> extends Described {
  readonly default?: T;
}
type IsOptional<Options> = Options extends { readonly default: unknown } ? true : false;

function make<T, Optional extends boolean>(json: object, optional: Optional): Schema<T, Optional> {
  return { json: json as JsonObject, optional };
}

function withDefault<T, const Options extends object | undefined>(
  type: JsonObject,
  options: Options,
): Schema<T, IsOptional<Options>> {
  const optional = options !== undefined && 'default' in options;
  return make({ ...type, ...options }, optional as IsOptional<Options>);
}

interface TextOptions<T extends string> extends WithDefault<T> {
  readonly enum?: readonly T[];
  readonly pattern?: string;
  readonly format?: 'date' | 'date-time' | 'time' | 'email' | 'uri' | 'uuid' | 'hostname' | 'ipv4' | 'ipv6';
  readonly minLength?: number;
  readonly maxLength?: number;
}
interface NumberOptions extends WithDefault<number> {
  readonly enum?: readonly number[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
}
interface ListOptions<T> extends WithDefault<readonly T[]> {
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

type TextOf<Options> = Options extends { readonly enum: readonly (infer T extends string)[] } ? T : string;

/** Schema of an object with exactly these fields. */
export function objectSchema(fields: Fields): JsonObject {
  const required = Object.entries(fields)
    .filter(([, field]) => !field.optional)
    .map(([key]) => key);
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.json])),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** Builders of schemas. A value with a default may be left out by the caller and is there all the same. */
export const schema = {
  /** A text; with `enum`, one of these. */
  string<const Options extends TextOptions<string>>(options?: Options): Schema<TextOf<Options>, IsOptional<Options>> {
    return withDefault({ type: 'string' }, options as Options);
  },
  /** A number with or without a fraction. */
  number<const Options extends NumberOptions>(options?: Options): Schema<number, IsOptional<Options>> {
    return withDefault({ type: 'number' }, options as Options);
  },
  /** A whole number. */
  integer<const Options extends NumberOptions>(options?: Options): Schema<number, IsOptional<Options>> {
    return withDefault({ type: 'integer' }, options as Options);
  },
  /** True or false. */
  boolean<const Options extends WithDefault<boolean>>(options?: Options): Schema<boolean, IsOptional<Options>> {
    return withDefault({ type: 'boolean' }, options as Options);
  },
  /** A list of values of one schema. */
  list<T, const Options extends ListOptions<NoInfer<T>>>(
    items: Schema<T>,
    options?: Options,
  ): Schema<readonly T[], IsOptional<Options>> {
    return withDefault({ type: 'array', items: items.json }, options as Options);
  },
  /** An object with exactly these fields. */
  object<const F extends Fields>(fields: F): Schema<TypeOfFields<F>, false> {
    return make(objectSchema(fields), false);
  },
  /** The value may be left out; the pipeline then sees no such member. */
  optional<T>(inner: Schema<T>): Schema<T | undefined, true> {
    return make(inner.json, true);
  },
  /** Any JSON Schema; say what type its values have: `schema.json<{ from: string }>({ … })`. */
  json<T>(json: object): Schema<T, false> {
    return make(json, false);
  },
} as const;
