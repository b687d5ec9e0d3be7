import * as z from 'zod';
import { secretCheck } from '../records/secret-check.ts';
import { dns01Fields, type SolverSpec, secretField, secretPermissions } from '../solver-spec.ts';

/** The configuration and the rights of this kind. Only synthesis reads it, so zod and texts cost the functions nothing. */
export const templateSpec = {
  type: 'template',
  summary: 'DNS-01 through a service that keeps single records behind a JSON API.',
  tested: { against: 'real counterpart', how: 'A server on this machine.' },
  schema: z.strictObject({
    type: z.literal('template'),
    secret: secretField,
    ...dns01Fields,
  }),
  example: { type: 'template', secret: 'dns/template' },
  permissions: secretPermissions,
  checks: [secretCheck],
  /** The fields of the JSON in the secret, each described for the person who creates the key. */
  credentials: { token: 'a token that may read zones and change their records' },
} as const satisfies SolverSpec;
