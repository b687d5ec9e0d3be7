import { ACM } from '@aws-sdk/client-acm';
import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { startCloud } from '../cloud.ts';
import type { Decision } from '../iam/state.ts';
import { virtualClock } from '../virtual-clock.ts';
import { homeAccount, roleSession } from '../wire/accounts.ts';
import { callerOptions } from './client-options.ts';

export const account = homeAccount;
export const otherAccount = '111111111111';
export const region = 'us-east-1';

export type Statement = Readonly<Record<string, unknown>>;

export function policy(...statements: readonly Statement[]) {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(
  Action: string | readonly string[],
  Resource: string | readonly string[],
  Condition?: Statement,
): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

export function trusting(Principal: Statement | string, Condition?: Statement) {
  return policy({
    Effect: 'Allow',
    Principal,
    Action: 'sts:AssumeRole',
    ...(Condition && { Condition }),
  });
}

/** As every key policy that CloudFormation makes: the account decides by its identity policies. */
const delegatingKey = policy({
  Sid: 'Delegate',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
});

export function keyIn(place: string): string {
  return `arn:aws:kms:${place}:${account}:key/mrk-1`;
}

export function roleArn(name: string, of = account): string {
  return `arn:aws:iam::${of}:role/${name}`;
}

type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export type IamLab = Awaited<ReturnType<typeof iamLab>>;
export type Clients = ReturnType<IamLab['with']>;

/** A cloud in which nothing lags, and the SDK in the hands of its roles. */
export async function iamLab() {
  const clock = virtualClock();
  const cloud = await startCloud({
    clock,
    consistency: {
      route53InsyncMs: 0,
      balancerSpreadMs: [0, 0],
      replicationMs: 0,
      acmListLagMs: 0,
      acmInUseByLagMs: 0,
      elbCertificateLagMs: 0,
    },
    acmLimits: { importsPerSecond: Number.POSITIVE_INFINITY },
  });

  function withKeys(credentials?: Keys, place = region) {
    const options = callerOptions(cloud, {
      region: place,
      maxAttempts: 1,
      ...(credentials && { credentials }),
    });
    return {
      acm: new ACM(options),
      elb: new ElasticLoadBalancing(options),
      elbv2: new ElasticLoadBalancingV2(options),
      events: new EventBridge(options),
      lambda: new Lambda(options),
      route53: new Route53(options),
      s3: new S3({ ...options, forcePathStyle: true }),
      secrets: new SecretsManager(options),
      sns: new SNS(options),
      sqs: new SQS(options),
      sts: new STS(options),
    };
  }

  /** What a role may do, in one policy named after it; the role is new unless it is there. */
  function grant(name: string, statements: readonly Statement[], of = account): void {
    const arn = roleArn(name, of);
    const trustPolicy =
      cloud.iam.role(arn)?.trustPolicy ?? trusting({ Service: 'lambda.amazonaws.com' });
    const policies = [{ name: `${name}-policy`, document: policy(...statements) }];
    cloud.iam.putRole({ arn, trustPolicy, policies });
  }

  return {
    cloud,
    clock,
    iam: cloud.iam,
    with: withKeys,
    /** Somebody with AdministratorAccess, who makes what the roles then find. */
    operator: withKeys(),
    grant,
    /** A customer's key with the alias `alias/certkeep`. */
    makeKey(place = region) {
      cloud.iam.useKey(`arn:aws:kms:${place}:${account}:alias/certkeep`, keyIn(place));
      cloud.iam.putResourcePolicy(keyIn(place), delegatingKey);
    },
    /** The SDK with a session of a new role that may do just this. */
    as(name: string, statements: readonly Statement[], place = region, of = account) {
      grant(name, statements, of);
      const identity = roleSession({
        role: roleArn(name, of),
        sessionName: `certkeep-${name}`,
        caller: name,
      });
      if (!identity) throw new Error(`${name} is no name for a role`);
      const accessKeyId = `AKIA${name.toUpperCase()}`;
      cloud.accounts.register(accessKeyId, identity);
      return withKeys({ accessKeyId, secretAccessKey: 'secret' }, place);
    },
    /** `allowed s3:GetObject`, one line a decision. */
    decided: () => cloud.iam.decisions.map(line),
    close: () => cloud.close(),
  };
}

function line({ allowed, action }: Decision): string {
  return `${allowed ? 'allowed' : 'denied'} ${action}`;
}
