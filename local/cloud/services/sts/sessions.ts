import type {
  AssumeRoleCommandInput,
  AssumeRoleResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { addMs, secondMs } from '../../clock.ts';
import { roleSession } from '../../wire/accounts.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { StsState } from './state.ts';

const defaultSeconds = 3_600;

export function getCallerIdentity(
  { accounts }: StsState,
  { accessKeyId }: Call,
): GetCallerIdentityResponse {
  const { account, arn, userId } = accounts.identityOf(accessKeyId);
  return { Account: account, Arn: arn, UserId: userId };
}

export async function assumeRole(
  { clock, accounts, mayAssume }: StsState,
  input: AssumeRoleCommandInput,
  call: Call,
): Promise<AssumeRoleResponse> {
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
