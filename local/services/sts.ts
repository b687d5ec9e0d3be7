import * as module from '@aws-sdk/client-sts';
import { addMs, type Clock, secondMs } from '#shared/clock.ts';
import type { Accounts, Identity } from '../wire/accounts.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { type RunningService, serviceOf } from '../wire/service-of.ts';
import { supportOnly } from '../wire/supported.ts';

export type RoleRequest = {
  readonly roleArn: string;
  readonly externalId: string | null;
  readonly by: Identity;
};

export type StsOptions = {
  readonly clock: Clock;
  /** Learns whose the handed-out keys are, so that the front knows account and caller of later calls. */
  readonly accounts: Accounts;
  /** What the role's trust policy says; every role trusts everybody unless given. */
  readonly mayAssume?: (request: RoleRequest) => boolean;
};

export type Sts = { readonly operations: Operations };

const roleArn = /^arn:aws(?:-[a-z-]+)?:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/;
const defaultSeconds = 3_600;

export function sts(options: StsOptions): Sts {
  return {
    operations: {
      GetCallerIdentity: (_, call) => getCallerIdentity(options, call),
      AssumeRole: (input, call) => assumeRole(options, input, call),
    },
  };
}

function getCallerIdentity(
  { accounts }: StsOptions,
  { accessKeyId }: Call,
): module.GetCallerIdentityResponse {
  const { account, arn, userId } = accounts.identityOf(accessKeyId);
  return { Account: account, Arn: arn, UserId: userId };
}

function assumeRole(
  { clock, accounts, mayAssume }: StsOptions,
  input: module.AssumeRoleCommandInput,
  call: Call,
): module.AssumeRoleResponse {
  supportOnly('AssumeRole', input, ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId']);
  const { RoleArn = '', RoleSessionName = '', DurationSeconds = defaultSeconds } = input;
  const [, account, role] = roleArn.exec(RoleArn) ?? [];
  if (!account || !role || !/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw new AwsError('ValidationError', `Invalid role or session name: ${RoleArn}`);
  }
  if (DurationSeconds < 900 || DurationSeconds > 43_200) {
    throw new AwsError('ValidationError', 'DurationSeconds must be between 900 and 43200');
  }
  const by = accounts.identityOf(call.accessKeyId);
  const externalId = input.ExternalId ?? null;
  if (mayAssume && !mayAssume({ roleArn: RoleArn, externalId, by })) {
    throw new AwsError(
      'AccessDenied',
      `User: ${by.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      403,
    );
  }
  const end = addMs(clock.now(), DurationSeconds * secondMs);
  const assumed: Identity = {
    account,
    isOver: () => clock.now() >= end,
    // It is still the same function that calls, only in another role.
    caller: by.caller,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${RoleSessionName}`,
    userId: `${randomKey('AROA')}:${RoleSessionName}`,
  };
  const accessKeyId = randomKey('ASIA');
  accounts.register(accessKeyId, assumed);
  return {
    AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: crypto.randomUUID(),
      SessionToken: crypto.randomUUID(),
      Expiration: end,
    },
  };
}

function randomKey(prefix: 'AROA' | 'ASIA'): string {
  return prefix + crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
}

export function stsService(service: Sts): RunningService {
  return serviceOf('sts', module, module.STSClient, service.operations);
}
