import type * as z from 'zod/mini';

/** A field of a schema: `*` stands for the entries of a list or a map. */
export type Field = { readonly path: readonly string[]; readonly schema: z.core.$ZodType };

type Def = {
  readonly type: string;
  readonly format?: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
};

export function defOf(schema: z.core.$ZodType): Def {
  return schema._zod.def as unknown as Def;
}

/** Without what may be absent or null around it. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = defOf(schema);
  return innerType ? bare(innerType) : schema;
}

/** Every field at every depth, the containers included. */
export function fieldsOf(schema: z.core.$ZodType, path: readonly string[] = []): readonly Field[] {
  const { shape, element, valueType } = defOf(bare(schema));
  const inner: readonly (readonly [string, z.core.$ZodType])[] = shape
    ? Object.entries(shape)
    : [
        ...(element ? [['*', element] as const] : []),
        ...(valueType ? [['*', valueType] as const] : []),
      ];
  return inner.flatMap(([name, each]) => {
    const field = { path: [...path, name], schema: each };
    return [field, ...fieldsOf(each, field.path)];
  });
}

export function isInstant(schema: z.core.$ZodType): boolean {
  return defOf(bare(schema)).format === 'datetime';
}
