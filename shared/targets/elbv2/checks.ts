import { arnOfOnePartition } from '#shared/schema/arn-of-one-partition.ts';
import type { PluginCheck } from '#shared/schema/plugin-check.ts';
import type { Position } from '../target.ts';
import type { ListenerKind } from './listener-kind.ts';
import { loadBalancerOf } from './load-balancer.ts';

type Listed = { readonly listener: string; readonly certificate: Position };

export const listenerArnsAreWhole: PluginCheck<Listed> = (own) =>
  own.flatMap(({ path, value }) => arnOfOnePartition(value.listener, [...path, 'listener']));

/** All listeners of a load balancer share one limit. */
export function listsHaveRoom({ quota, title }: ListenerKind): PluginCheck<Listed> {
  const { certificates: places, countsDefaults } = quota;
  const where = countsDefaults ? 'at its listeners' : 'into the SNI lists of its listeners';
  return (own) => {
    const counted = own.filter(({ value }) => countsDefaults || value.certificate !== 'default');
    const byBalancer = Map.groupBy(counted, ({ value }) => loadBalancerOf(value.listener));
    return [...byBalancer]
      .filter(([, entries]) => entries.length > places)
      .map(([balancer, entries]) => ({
        path: ['certificates'],
        value: balancer,
        message: `gets ${entries.length} certificates ${where}, but allows ${places} unless its quota is higher`,
        fix: `Ask Service Quotas for more certificates per ${title}, or put names together into fewer certificates.`,
      }));
  };
}
