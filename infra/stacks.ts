import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import type { CertkeepProps } from './certkeep.ts';
import { CertkeepStack } from './certkeep-stack.ts';
import { CertkeepPlaceStack } from './place-stack.ts';
import { CertkeepReplicaStack } from './replica-stack.ts';
import { stackAccounts } from './rights/places.ts';

/**
 * Everything that a configuration needs, in the order in which it can be deployed. Roles of other accounts
 * come first, so that nobody asks for one that is not there yet; copies need the key of home.
 */
export function addStacks(scope: Construct, props: CertkeepProps): CertkeepStack {
  const { config } = props;
  const places = addPlaceStacks(scope, config);
  const home = new CertkeepStack(scope, 'Certkeep', props);
  for (const place of places) home.addStackDependency(place);
  const replicas = addReplicaStacks(scope, { config, key: home.certkeep.key });
  for (const replica of replicas) replica.addStackDependency(home);
  return home;
}

/** One for each other account that a target or solver names: deploy them before home. */
export function addPlaceStacks(scope: Construct, config: Config): readonly CertkeepPlaceStack[] {
  return stackAccounts(config).map(
    (account) => new CertkeepPlaceStack(scope, `Place-${account}`, { config, account }),
  );
}

/** One for each region that keeps a copy. `key` is the one of home, whose stack is deployed before them. */
export function addReplicaStacks(
  scope: Construct,
  { config, key }: { readonly config: Config; readonly key: IKey },
): readonly CertkeepReplicaStack[] {
  return config.replicas.map(
    (region) => new CertkeepReplicaStack(scope, `Replica-${region}`, { config, region, key }),
  );
}
