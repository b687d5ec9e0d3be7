import * as z from 'zod';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { dns01Fields } from '../solver-spec.ts';

export const route53Schema = z.strictObject({
  type: z.literal('route53'),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'is not the id of a hosted zone')
    .exactOptional()
    .describe(
      'The zone to write to. By default, the longest public zone that holds the name. Required with `cnameStrategy: follow`, unless you set `roleArn`.',
    ),
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'is not the ARN of a role')
    .exactOptional()
    .describe('A role to assume if the zones are in another account.'),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external id')
    .exactOptional()
    .describe('The external id that the trust policy of that role requires.'),
  ...dns01Fields,
});

export type Route53SolverConfig = ConfiguredBy<typeof route53Schema>;
