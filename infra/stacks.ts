import type { App } from 'aws-cdk-lib';
import type { CertkeepProps } from './certkeep.ts';
import { CertkeepStack } from './certkeep-stack.ts';
import { CertkeepPlaceStack } from './place-stack.ts';
import { CertkeepReplicaStack } from './replica-stack.ts';
import { stackAccounts } from './rights/places.ts';

/**
 * Everything that a configuration needs, in the order in which it can be deployed. Roles of other accounts
 * come first, so that nobody asks for one that is not there yet; copies need the key of home.
 */
export function addStacks(app: App, props: CertkeepProps): CertkeepStack {
  const { config } = props;
  const places = stackAccounts(config).map(
    (account) => new CertkeepPlaceStack(app, `Place-${account}`, { config, account }),
  );
  const home = new CertkeepStack(app, 'Certkeep', props);
  for (const place of places) home.addStackDependency(place);
  const { key } = home.certkeep;
  for (const region of config.replicas) {
    new CertkeepReplicaStack(app, `Replica-${region}`, { config, region, key }).addStackDependency(
      home,
    );
  }
  return home;
}
