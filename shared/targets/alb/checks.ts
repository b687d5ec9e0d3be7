import { arnOfOnePartition } from '#shared/schema/arn-of-one-partition.ts';
import type { PluginCheck } from '#shared/schema/plugin-check.ts';
import { loadBalancerOf } from './load-balancer.ts';
import type { AlbConfig } from './schema.ts';

export const albCheck: PluginCheck<AlbConfig> = (own) =>
  own.flatMap(({ path, value }) => arnOfOnePartition(value.listener, [...path, 'listener']));

/**
 * "Certificates per Application Load Balancer (not counting default certificates)", adjustable:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
 */
const placesInLists = 25;

/** The SNI lists of all listeners of a load balancer share one limit. */
export const listsHaveRoom: PluginCheck<AlbConfig> = (own) => {
  const listed = own.filter(({ value }) => value.certificate !== 'default');
  const byBalancer = Map.groupBy(listed, ({ value }) => loadBalancerOf(value.listener));
  return [...byBalancer]
    .filter(([, entries]) => entries.length > placesInLists)
    .map(([balancer, entries]) => ({
      path: ['certificates'],
      value: balancer,
      message: `gets ${entries.length} certificates into the SNI lists of its listeners, but allows ${placesInLists} unless its quota is higher`,
      fix: 'Ask Service Quotas for more certificates per Application Load Balancer, or put names together into fewer certificates.',
    }));
};
