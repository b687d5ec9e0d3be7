import { type CertificateRecord, recordSchema } from '#shared/ledger/record/record.ts';
import { now } from './healthy.ts';
import { recordOfEveryField } from './record-of-every-field.ts';
import { bare, defOf, type Field, fieldsOf, isInstant } from './schema-fields.ts';

/** What a text may be changed into, by the name of its field: what somebody who writes the record would like it to be. */
export type Wishes = Readonly<Record<string, readonly string[]>>;

export type Mutated = {
  readonly record: CertificateRecord;
  /** What was changed: `attempt.csr = "…"`. */
  readonly changes: readonly string[];
};

type Drawing = {
  readonly random: () => number;
  readonly wishes: Wishes;
  /** The field that is changed first, so that each has its turn. */
  readonly turn?: number;
};
type Node = Record<string, unknown>;

const fields = fieldsOf(recordSchema).filter(
  ({ path }) => path[0] !== 'schemaVersion' && path[0] !== 'id',
);

/** The record with one to three fields changed, at any depth, into something else that the schema takes. */
export function mutatedRecord(record: CertificateRecord, drawing: Drawing): Mutated {
  const count = 1 + Math.floor(drawing.random() * 3);
  const first = fields[(drawing.turn ?? 0) % fields.length] as Field;
  let mutated = withChange({ record, changes: [] }, first, drawing);
  while (mutated.changes.length < count) {
    mutated = withChange(mutated, pick(fields, drawing), drawing);
  }
  return mutated;
}

function withChange({ record, changes }: Mutated, field: Field, drawing: Drawing): Mutated {
  const copy = JSON.parse(JSON.stringify(record)) as Node;
  const change = changed(copy, field, drawing);
  const { data, success } = recordSchema.safeParse(copy);
  return success && change ? { record: data, changes: [...changes, change] } : { record, changes };
}

/** What is not there yet is taken from a record that has everything. */
function changed(record: Node, { path, schema }: Field, drawing: Drawing): string | null {
  const [top = ''] = path;
  if (path.length > 1 && !has(record, path)) {
    record[top] = JSON.parse(
      JSON.stringify(recordOfEveryField()[top as keyof CertificateRecord] ?? null),
    );
  }
  let held: Node = record;
  const real: string[] = [];
  for (const [depth, name] of path.entries()) {
    const key = name === '*' ? pick(Object.keys(held), drawing) : name;
    if (key === undefined) return null;
    real.push(key);
    if (depth === path.length - 1) {
      held[key] = drawn(schema, key === name ? name : (path[depth - 1] ?? ''), drawing);
      return `${real.join('.')} = ${JSON.stringify(held[key])}`;
    }
    if (held[key] === null || typeof held[key] !== 'object') return null;
    held = held[key] as Node;
  }
  return null;
}

function has(record: Node, path: readonly string[]): boolean {
  let held: unknown = record;
  for (const name of path.slice(0, -1)) {
    if (held === null || typeof held !== 'object') return false;
    held = (held as Node)[name === '*' ? (Object.keys(held)[0] ?? '') : name];
  }
  return held !== null && typeof held === 'object';
}

const times = ['9999-12-31T23:59:59.000Z', '1970-01-01T00:00:00.000Z', now.toISOString()];
const texts = ['', 'x', '../../other', 'https://evil.example/1', 'x'.repeat(300)];

function drawn(schema: Field['schema'], name: string, drawing: Drawing): unknown {
  const outer = defOf(schema);
  if (outer.type === 'nullable' && drawing.random() < 0.3) return null;
  if (outer.type === 'optional' && drawing.random() < 0.3) return undefined;
  const inner = defOf(bare(schema)) as ReturnType<typeof defOf> & {
    readonly entries?: object;
    readonly values?: readonly unknown[];
  };
  if (isInstant(schema)) return pick(times, drawing);
  switch (inner.type) {
    case 'string':
      return pick(drawing.random() < 0.7 ? (drawing.wishes[name] ?? texts) : texts, drawing);
    case 'number':
      return pick([-1, 0, 1, 1_000_000_000], drawing);
    case 'boolean':
      return drawing.random() < 0.5;
    case 'enum':
      return pick(Object.values(inner.entries ?? {}), drawing);
    case 'literal':
      return inner.values?.[0];
    case 'array':
      return [];
    case 'record':
      return {};
    default:
      return null;
  }
}

function pick<Item>(items: readonly Item[], { random }: Drawing): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
