import * as module from '@aws-sdk/client-sts';
import { addMs, type Clock, secondMs } from '../clock.ts';
import { type Accounts, type Identity, roleSession } from '../wire/accounts.ts';
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
  /** Registers the keys that STS issues, so that the front knows account and caller of later calls. */
  readonly accounts: Accounts;
  /** Says whether the role exists and trusts the caller; by default every role does. */
  readonly mayAssume?: (request: RoleRequest) => boolean | Promise<boolean>;
};

export type Sts = { readonly operations: Operations };

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

async function assumeRole(
  { clock, accounts, mayAssume }: StsOptions,
  input: module.AssumeRoleCommandInput,
  call: Call,
): Promise<module.AssumeRoleResponse> {
  supportOnly('AssumeRole', input, ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId']);
  const { RoleArn = '', RoleSessionName = '', DurationSeconds = defaultSeconds } = input;
  const by = accounts.identityOf(call.accessKeyId);
  const assumed = roleSession({
    role: RoleArn,
    sessionName: RoleSessionName,
    // The same function calls, in another role.
    caller: by.caller,
  });
  if (!assumed || !/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw new AwsError('ValidationError', `Invalid role or session name: ${RoleArn}`);
  }
  if (DurationSeconds < 900 || DurationSeconds > 43_200) {
    throw new AwsError('ValidationError', 'DurationSeconds must be between 900 and 43200');
  }
  const externalId = input.ExternalId ?? null;
  if (mayAssume && !(await mayAssume({ roleArn: RoleArn, externalId, by }))) {
    throw new AwsError(
      'AccessDenied',
      `User: ${by.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      403,
    );
  }
  const end = addMs(clock.now(), DurationSeconds * secondMs);
  const accessKeyId = randomKey();
  accounts.register(accessKeyId, { ...assumed, isOver: () => clock.now() >= end });
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

function randomKey(): string {
  return `ASIA${crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
}

export function stsService(service: Sts): RunningService {
  return serviceOf('sts', module, module.STSClient, service.operations);
}
