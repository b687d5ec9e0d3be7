import * as z from 'zod';
import { idPattern } from './checks/certificates/ids.ts';
import { documentSchema } from './schema.ts';

/** The schema of the file for editors. It cannot express rules that span several parts (checks/). */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(documentSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // The keys of every record in the file are ids, which certificates/ids.ts checks.
      if (zodSchema._zod.def.type === 'record') {
        jsonSchema.propertyNames = { pattern: idPattern.source };
      }
    },
  });
  return { ...($schema ? { $schema } : {}), title: 'certkeep', ...rest };
}
