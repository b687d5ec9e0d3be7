import * as z from 'zod';
import type { Path } from '#shared/schema/finding.ts';
import { hints } from '#shared/schema/hints.ts';

export type SchemaPlace = {
  /** The keys that are allowed here; empty where any key is. */
  readonly keys: readonly string[];
  readonly fix: string | null;
  /** The meaning of the value, for people. */
  readonly meaning: string | null;
  /** A valid value, where a plugin's example has one. */
  readonly example: unknown;
};

/** Reads what the schema says about a path; `raw` tells which plugin is named where several may be. */
export function schemaAt(root: z.ZodType, raw: unknown, path: Path): SchemaPlace {
  let schema: z.ZodType | null = choose(root, raw);
  let value = raw;
  let example: unknown;
  let meaning: string | null = null;
  for (const step of path) {
    value = childOf(value, step);
    example = schema ? childOf(hints.get(schema)?.example ?? example, step) : undefined;
    const written = schema && below(schema, step);
    schema = choose(written, value);
    meaning = written?.description ?? schema?.description ?? null;
  }
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return { keys, fix: (schema && hints.get(schema)?.fix) ?? null, meaning, example };
}

export function childOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
}

export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce(childOf, raw);
}

function below(schema: z.ZodType, step: string | number): z.ZodType | null {
  if (schema instanceof z.ZodObject) {
    return (schema.shape as Record<string, z.ZodType>)[step] ?? null;
  }
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return null;
}

/** Removes defaults, transforms and the like, down to the schema of what a person writes. */
function choose(schema: z.ZodType | null, value: unknown): z.ZodType | null {
  if (schema instanceof z.ZodPipe) return choose(schema.in as z.ZodType, value);
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional
  ) {
    return choose(schema.unwrap() as z.ZodType, value);
  }
  if (schema instanceof z.ZodUnion && !(schema instanceof z.ZodDiscriminatedUnion)) {
    const options = schema.options as z.ZodType[];
    return choose(options.find((option) => isOfKind(option, value)) ?? null, value) ?? schema;
  }
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const type = childOf(value, 'type');
  const options = schema.options as z.ZodObject[];
  return options.find((option) => option.shape.type?.safeParse(type).success) ?? null;
}

/** Says whether the schema takes values like this one, text or a block, even if not this very one. */
function isOfKind(schema: z.ZodType, value: unknown): boolean {
  const { error } = schema.safeParse(value);
  return !error || !isOfAnotherKind(error.issues);
}

export function isOfAnotherKind(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
}
