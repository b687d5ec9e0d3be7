import { Duration, Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { InsideConfig } from '#shared/config/probed-places.ts';
import { namesOf } from '#shared/installation.ts';
import type { Place } from '#shared/place.ts';
import { bundleFunctions } from './bundle.ts';
import type { CertkeepProps } from './certkeep.ts';
import { createFunction } from './parts/functions.ts';
import { insideRights } from './rights/rights.ts';

/** Two looks in DNS and a handshake, each at their limits, and some seconds for a start in a network. */
const timeout = Duration.seconds(20);

export type ProbeProps = Pick<CertkeepProps, 'code' | 'config' | 'logRetention'> & {
  readonly place: Place;
  /** The network of the user. */
  readonly probe: InsideConfig;
};

/**
 * The stack of a place whose endpoints are asked from inside of a network: one function there, which may do nothing on AWS.
 * Only the roles that verify and deploy use in that place may invoke it.
 */
export class CertkeepProbeStack extends Stack {
  constructor(scope: Construct, id: string, props: ProbeProps) {
    const { code = bundleFunctions(), config, place, probe } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.probeStack(place),
      description: `certkeep: asks endpoints of ${names.installation} of ${config.home.account} from inside of a network.`,
      env: { ...place },
    });
    const inside = createFunction(this, 'inside', {
      ...{ code, names, timeout },
      logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      environment: {},
      rights: insideRights(config, place),
      roleName: names.insideRole(place.region),
    });
    // By their ids: the construct for a network would ask the account for it.
    (inside.node.defaultChild as CfnFunction).vpcConfig = {
      subnetIds: [...probe.subnets],
      securityGroupIds: [...probe.securityGroups],
    };
  }
}
