import * as z from 'zod';
import { statusSchema } from '#shared/status/status-schema.ts';

/** The schema of status/status.json, without what the format of a time and the safe integers of JavaScript say twice. */
export function statusJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(statusSchema, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { ...($schema ? { $schema } : {}), title: 'status/status.json of certkeep', ...rest };
}
