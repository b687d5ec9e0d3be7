import * as z from 'zod';
import { hints } from '#shared/schema/hints.ts';

/** A network of the user in which a function asks endpoints that cannot be asked from outside. */
export type InsideConfig = {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
};

/** What is said of a place itself. */
export type PlaceConfig = { readonly probe?: InsideConfig };

/** The number that Lambda takes (API_VpcConfig.html). */
const mostSubnets = 16;
const mostSecurityGroups = 5;

function idsOf(prefix: string, what: string, most: number) {
  const id = z
    .string()
    .regex(new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`), `is not the id of a ${what}`)
    .register(hints, { fix: `Write its id: ${prefix}-0a1b2c3d4e5f60718.` });
  return z
    .array(id)
    .min(1)
    .max(most, `are more than the ${most} that Lambda takes`)
    .register(hints, { fix: `Write one to ${most} ids: [${prefix}-0a1b2c3d4e5f60718].` })
    .transform((ids) => [...new Set(ids)]);
}

const probeSchema = z.strictObject({
  subnets: idsOf('subnet', 'subnet', mostSubnets).describe(
    'The subnets in which the function asks: any from which the load balancers can be reached. It needs no way to the internet.',
  ),
  securityGroups: idsOf('sg', 'security group', mostSecurityGroups).describe(
    'Its security groups: they let it out to the port of each endpoint and to DNS, and the load balancers let it in.',
  ),
});

export const probedPlacesSchema = z
  .record(
    // A check reads the keys, for which zod has no words of ours.
    z.string(),
    z.strictObject({
      probe: probeSchema
        .exactOptional()
        .describe(
          'A network in which a function of certkeep asks endpoints that nobody can ask from outside: internal load balancers, and those that answer some addresses only.',
        ),
    }),
  )
  .describe(
    'What is said of an account and region itself: `"123456789012/us-east-1": {probe: …}`.',
  );
