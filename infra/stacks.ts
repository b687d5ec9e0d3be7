import { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import type { CertkeepProps } from './certkeep.ts';
import { CertkeepStack } from './certkeep-stack.ts';
import { CertkeepKeyStack, CertkeepReplicaKeyStack } from './key-stack.ts';
import { CertkeepPlaceStack } from './place-stack.ts';
import { CertkeepReplicaStack } from './replica-stack.ts';
import { stackAccounts } from './rights/places.ts';

/**
 * Everything that a configuration needs, in the order in which it can be deployed. Home comes last, since it
 * begins to work at once: roles of other accounts, the key, its replicas and the buckets of the copies are there
 * before anybody asks for them.
 */
export function addStacks(scope: Construct, props: Omit<CertkeepProps, 'key'>): CertkeepStack {
  const { config } = props;
  const places = addPlaceStacks(scope, config);
  const { key } = addKeyStack(scope, config);
  const replicas = addReplicaStacks(scope, { config, key });
  const home = new CertkeepStack(scope, 'Certkeep', { ...props, key });
  for (const before of [...places, Stack.of(key), ...replicas]) home.addStackDependency(before);
  return home;
}

/** One for each other account that a target or solver names: deploy them before home. */
export function addPlaceStacks(scope: Construct, config: Config): readonly CertkeepPlaceStack[] {
  return stackAccounts(config).map(
    (account) => new CertkeepPlaceStack(scope, `Place-${account}`, { config, account }),
  );
}

/** The key at home, before everything that is encrypted with it. */
export function addKeyStack(scope: Construct, config: Config): CertkeepKeyStack {
  return new CertkeepKeyStack(scope, 'Key', { config });
}

/**
 * For each region that keeps a copy a replica of the key and then a bucket: deploy them before home. `key` is
 * the one of home.
 */
export function addReplicaStacks(
  scope: Construct,
  { config, key }: { readonly config: Config; readonly key: IKey },
): readonly CertkeepReplicaStack[] {
  return config.replicas.map((region) => {
    const there = new CertkeepReplicaKeyStack(scope, `ReplicaKey-${region}`, {
      config,
      region,
      key,
    });
    there.addStackDependency(Stack.of(key));
    const copy = new CertkeepReplicaStack(scope, `Replica-${region}`, {
      config,
      region,
      key: there.replica,
    });
    copy.addStackDependency(there);
    return copy;
  });
}
