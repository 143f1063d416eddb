import { LiteralScanner, type WrittenValue } from './literal-scanner.js';

/** A place in a source file, 1-based; the file is relative to the folder of the bundle. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** JSON Pointer in a definition -> where it was written. */
export type Places = Readonly<Record<string, Place>>;

function step(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class SourceText {
  private readonly lineStarts: number[] = [0];
  readonly scanner: LiteralScanner;

  constructor(
    private readonly file: string,
    readonly text: string,
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
    this.scanner = new LiteralScanner(text);
  }

  offsetOf({ line, column }: Place): number {
    return (this.lineStarts[line - 1] ?? 0) + column - 1;
  }

  placeOf(offset: number): Place {
    let line = this.lineStarts.findIndex((start) => start > offset);
    if (line < 0) line = this.lineStarts.length;
    return { file: this.file, line, column: offset - (this.lineStarts[line - 1] ?? 0) + 1 };
  }

  nameAt(offset: number): string {
    return /^[\w$]+/.exec(this.text.slice(offset, offset + 40))?.[0] ?? '';
  }
}

/**
 * The places of the calls, as the SDK recorded them, made exact: each field of a literal gets its own place.
 * @param sources text of the files, by their path
 */
export function exactPlaces(calls: Places, sources: ReadonlyMap<string, string>): Places {
  const places: Record<string, Place> = { ...calls };
  const texts = new Map([...sources].map(([file, text]) => [file, new SourceText(file, text)]));
  for (const [pointer, call] of Object.entries(calls)) {
    const source = texts.get(call.file);
    if (source === undefined) continue;
    const offset = source.offsetOf(call);
    const given = source.scanner.argumentsAt(offset);
    if (given === undefined) continue;
    for (const [at, value] of fieldsOf(source.nameAt(offset), pointer, given)) record(at, value, source, places);
  }
  return places;
}

/** Which arguments of the SDK's functions become which part of the definition. */
function fieldsOf(name: string, pointer: string, given: readonly WrittenValue[]): [string, WrittenValue | undefined][] {
  if (pointer === '') return [...membersOf('', given[1], pipelineField), ['/pipeline', given[0]]];
  if (pointer.endsWith('/map')) {
    return [[`${pointer}/over`, given[0]], ...(given.length > 2 ? membersOf(pointer, given[1]) : [])];
  }
  const fields = membersOf(pointer, name === 'node' ? given[2] : given[1]);
  return name === 'node' ? [...fields, [`${pointer}/entry`, given[1]]] : fields;
}

/** Params are written as fields and become the properties of a schema. */
function pipelineField(key: string): string {
  return key === 'params' ? '/params/properties' : step(key);
}

function membersOf(
  pointer: string,
  value: WrittenValue | undefined,
  toPointer: (key: string) => string = step,
): [string, WrittenValue][] {
  return [...(value?.members ?? [])].map(([key, member]) => [`${pointer}${toPointer(key)}`, member]);
}

function record(
  pointer: string,
  value: WrittenValue | undefined,
  source: SourceText,
  places: Record<string, Place>,
): void {
  if (value === undefined) return;
  places[pointer] = source.placeOf(value.start);
  for (const [key, member] of value.members ?? []) record(`${pointer}${step(key)}`, member, source, places);
  for (const [index, item] of (value.items ?? []).entries()) record(`${pointer}${step(index)}`, item, source, places);
}

/** The place of a pointer, or of the nearest part around it that has one. */
export function placeOf(places: Places, pointer: string): Place | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places[at];
    if (place !== undefined || at === '') return place;
  }
}
