import type { App } from 'aws-cdk-lib';
import type { CertkeepProps } from './certkeep.ts';
import { CertkeepStack } from './certkeep-stack.ts';
import { CertkeepPlaceStack } from './place-stack.ts';
import { CertkeepReplicaStack } from './replica-stack.ts';
import { stackAccounts } from './rights/places.ts';

/** Everything that a configuration needs, in the order in which it can be deployed. */
export function addStacks(app: App, props: CertkeepProps): CertkeepStack {
  const { config } = props;
  const home = new CertkeepStack(app, 'Certkeep', props);
  const { key } = home.certkeep;
  for (const region of config.replicas) {
    new CertkeepReplicaStack(app, `Replica-${region}`, { config, region, key }).addStackDependency(
      home,
    );
  }
  for (const account of stackAccounts(config)) {
    new CertkeepPlaceStack(app, `Place-${account}`, { config, account }).addStackDependency(home);
  }
  return home;
}
