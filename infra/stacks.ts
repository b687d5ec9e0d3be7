import { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { probedPlaces, stackAccounts, watchRegions } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { bundleFunctions } from './bundle.ts';
import type { CertkeepProps } from './certkeep.ts';
import { CertkeepStack } from './certkeep-stack.ts';
import { CertkeepKeyStack, CertkeepReplicaKeyStack } from './key-stack.ts';
import { CertkeepPlaceStack } from './place-stack.ts';
import { CertkeepProbeStack } from './probe-stack.ts';
import { CertkeepReplicaStack } from './replica-stack.ts';
import { CertkeepWatchStack } from './watch-stack.ts';

/**
 * Adds every stack that a configuration needs, in the order of deployment. Home comes last, since it starts to work at
 * once: roles of other accounts, the key, its replicas and the buckets for copies exist by then.
 */
export function addStacks(scope: Construct, props: Omit<CertkeepProps, 'key'>): CertkeepStack {
  const { config } = props;
  const places = addPlaceStacks(scope, config);
  const { key } = addKeyStack(scope, config);
  const replicas = addReplicaStacks(scope, { config, key });
  const watches = addWatchStacks(scope, config);
  const code = props.code ?? bundleFunctions();
  const probes = addProbeStacks(scope, { ...props, code });
  const home = new CertkeepStack(scope, 'Certkeep', { ...props, code, key });
  for (const before of [...places, Stack.of(key), ...replicas, ...watches, ...probes]) {
    home.addStackDependency(before);
  }
  return home;
}

/** Adds one stack for each other account that a target or solver names: deploy them before home. */
export function addPlaceStacks(scope: Construct, config: Config): readonly CertkeepPlaceStack[] {
  return stackAccounts(config).map(
    (account) => new CertkeepPlaceStack(scope, `Place-${account}`, { config, account }),
  );
}

/** Adds the key at home: deploy it before everything that it encrypts. */
export function addKeyStack(scope: Construct, config: Config): CertkeepKeyStack {
  return new CertkeepKeyStack(scope, 'Key', { config });
}

/** Adds a replica of the key and a bucket for each region that holds a copy: deploy them before home. `key` is the one of home. */
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

/** Adds one stack for each region of the home account that has targets and no other stack: deploy them before home. */
export function addWatchStacks(scope: Construct, config: Config): readonly CertkeepWatchStack[] {
  return watchRegions(config).map(
    (region) => new CertkeepWatchStack(scope, `Watch-${region}`, { config, region }),
  );
}

/** Adds one stack for each place with a network from inside of which its endpoints are asked: deploy them before home. */
export function addProbeStacks(
  scope: Construct,
  { config, ...given }: Pick<CertkeepProps, 'code' | 'config' | 'logRetention'>,
): readonly CertkeepProbeStack[] {
  return probedPlaces(config).map(
    ({ place, probe }) =>
      new CertkeepProbeStack(scope, `Probe-${place.account}-${place.region}`, {
        ...given,
        ...{ config, place, probe },
      }),
  );
}
