import type * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A table of the keys of one block. It leaves out `omit`, keys that have their own section. */
export function fieldsTable(schema: JsonSchema, omit: readonly string[] = []): string {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !omit.includes(name));
  const rows = fields.flatMap(([name, field]) => {
    const needed = schema.required?.includes(name) ?? false;
    return [tableRow(name, field as JsonSchema, needed), ...inside(name, field as JsonSchema)];
  });
  return ['| key | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** Blocks that have their own section, or stand for a whole list of keys. */
const apart = [
  'home',
  'alerts',
  'concurrency',
  'issuers',
  'solvers',
  'selector',
  'certificates',
  'targets',
];

/** The keys of a small block, below the block itself. */
function inside(name: string, block: JsonSchema): readonly string[] {
  if (block.type !== 'object' || apart.includes(name)) return [];
  return Object.entries(block.properties ?? {}).map(([key, field]) =>
    tableRow(`${name}.${key}`, field as JsonSchema, block.required?.includes(key) ?? false),
  );
}

/** The blocks that a union allows, distinguished by `type`. */
export function optionsOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema.oneOf ?? [schema]) as readonly JsonSchema[];
}

export function typeOf(option: JsonSchema): string {
  return String((option.properties?.type as JsonSchema | undefined)?.const);
}

function tableRow(name: string, field: JsonSchema, required: boolean): string {
  const fallback =
    field.default === undefined ? (required ? '*required*' : '') : code(field.default);
  const cells = [`\`${name}\``, valueText(field), fallback, field.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valueText(field: JsonSchema): string {
  if (field.const !== undefined) return code(field.const);
  if (field.enum) return field.enum.map(code).join(', ');
  if (field.type === 'array') return `list of ${valueText((field.items ?? {}) as JsonSchema)}`;
  if (field.oneOf) return 'blocks';
  if (field.anyOf) return (field.anyOf as JsonSchema[]).map(valueText).join(' or ');
  if (field.type === 'object') return 'block';
  if (field.format === 'uri') return 'URL';
  if (field.type === 'integer') return `whole number${rangeText(field)}`;
  if (field.type === 'number') return `number${rangeText(field)}`;
  return field.type === 'string' ? 'text' : String(field.type);
}

function rangeText({ minimum, maximum }: JsonSchema): string {
  return minimum === undefined || maximum === undefined ? '' : ` ${minimum} to ${maximum}`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
