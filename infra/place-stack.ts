import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { FunctionName } from '#functions/names.ts';
import type { Config } from '#shared/config/config.ts';
import { arnsIn } from './arns.ts';
import { namesOf } from './names.ts';
import { createRole } from './parts/role.ts';
import { placesIn, retiredPlacesIn } from './rights/places.ts';
import { placeRights } from './rights/rights.ts';

export type PlaceProps = { readonly config: Config; readonly account: string };

/** What another account allows: one role that only deploy may assume, and one that only verify may while targets are there. */
export class CertkeepPlaceStack extends Stack {
  constructor(scope: Construct, id: string, props: PlaceProps) {
    const { config, account } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.placeStack(account),
      description: `certkeep: what ${names.installation} of ${config.home.account} may do in this account.`,
      env: { account, region: standingRegion(props) },
    });
    new CertkeepPlaceRole(this, 'Deploy', { ...props, for: 'deploy' });
    // Where no target is left there is nothing to verify.
    if (placesIn(config, account).length === 0) return;
    new CertkeepPlaceRole(this, 'Verify', { ...props, for: 'verify' });
  }
}

/**
 * Roles are global; the stack stands in one of the account's regions. A place that is retired stays among
 * them: in another region the stack would meet its own roles.
 */
function standingRegion({ config, account }: PlaceProps): string {
  const places = [...placesIn(config, account), ...retiredPlacesIn(config, account)];
  return places.map(({ region }) => region).sort()[0] ?? config.home.region;
}

/** The role of an account that one function of the installation assumes, and nobody else. */
export class CertkeepPlaceRole extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: PlaceProps & { readonly for: 'deploy' | 'verify' },
  ) {
    super(scope, id);
    const { config, account } = props;
    const names = namesOf(config);
    createRole(this, 'Role', {
      name: props.for === 'deploy' ? names.placeRole : names.placeReaderRole,
      description: `Assumed by ${names.function(props.for)} of ${config.home.account}.`,
      assumedBy: exactly(config, names.role(props.for)),
      rights: placeRights(props.for satisfies FunctionName, config, account),
    });
  }
}

/** By its name and not as a principal, which IAM binds to the role's id: a role made again is still ours. */
function exactly({ home }: Config, role: string): IPrincipal {
  return new AccountPrincipal(home.account).withConditions({
    ArnEquals: { 'aws:PrincipalArn': arnsIn(home).role(role) },
  });
}
