import { createHash } from 'node:crypto';
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnListenerRule, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { type BundleName, managedTag, type ResourceNames } from '#shared/installation.ts';
import { everyAccountOf } from '#shared/issuers/rehearsal.ts';
import { challengePath } from '#shared/solvers/alb-http01/answering/paths.ts';
import type { PermanentListener } from '../rights/places.ts';
import type { Statement } from '../rights/statement.ts';
import { createFunction } from './functions.ts';

/** A CA waits about ten seconds for an answer. */
const timeout = Duration.seconds(10);

/**
 * The function that answers CAs behind load balancers, with the permanent rule of each listener that leads to it. A target
 * group belongs to one load balancer (elasticloadbalancing/latest/application/lambda-functions.html).
 */
export function createChallenge(
  scope: Construct,
  given: {
    readonly config: Config;
    readonly names: ResourceNames;
    readonly code: ReadonlyMap<BundleName, string>;
    readonly logRetention: RetentionDays;
    readonly listeners: readonly PermanentListener[];
    readonly rights: readonly Statement[];
  },
): void {
  const { config, names, listeners } = given;
  const accounts = everyAccountOf(config);
  const challenge = createFunction(scope, 'challenge', {
    ...given,
    environment: {
      CERTKEEP_ACCOUNT: config.home.account,
      CERTKEEP_ACCOUNT_SECRETS: accounts.map(names.accountSecret).join(','),
      CERTKEEP_BUCKET: names.bucket,
    },
    timeout,
  });
  const groups = new Map<string, CfnTargetGroup>();
  for (const { listener, priority } of listeners) {
    const balancer = listener.split('/').slice(0, -1).join('/');
    const group = groups.get(balancer) ?? createGroup(scope, names, balancer, challenge);
    groups.set(balancer, group);
    new CfnListenerRule(scope, `ChallengeRule${digestOf(listener)}`, {
      listenerArn: listener,
      priority,
      conditions: [{ field: 'path-pattern', pathPatternConfig: { values: [`${challengePath}*`] } }],
      actions: [{ type: 'forward', targetGroupArn: group.ref }],
    });
  }
}

/** When a function is registered, ELB checks that the load balancer may invoke it, before the ARN of the group is known. */
function createGroup(
  scope: Construct,
  names: ResourceNames,
  balancer: string,
  challenge: LambdaFunction,
): CfnTargetGroup {
  const digest = digestOf(balancer);
  const name = names.targetGroup(digest);
  const sourceArn = Stack.of(scope).formatArn({
    service: 'elasticloadbalancing',
    resource: 'targetgroup',
    resourceName: `${name}/*`,
  });
  challenge.addPermission(`AnswerFor${digest}`, {
    principal: new ServicePrincipal('elasticloadbalancing.amazonaws.com'),
    sourceArn,
  });
  const group = new CfnTargetGroup(scope, `ChallengeGroup${digest}`, {
    name,
    targetType: 'lambda',
    targets: [{ id: challenge.functionArn }],
    tags: [{ key: managedTag, value: names.installation }],
  });
  const permission = challenge.node.findChild(`AnswerFor${digest}`);
  group.node.addDependency(permission);
  return group;
}

function digestOf(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 8);
}
