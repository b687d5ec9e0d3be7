import type { Cloud } from './cloud.ts';
import { homeAccount } from './wire/accounts.ts';

/** The key of a person with every right, for whatever the demonstration and the tests set up. */
export const operator = { accessKeyId: 'AKIALOCALOPERATOR', secretAccessKey: 'local' };

/** Whose calls are no load on an account: the operator's, whose set-up lies in the past, and CloudFormation's. */
export function isOperator(accessKeyId: string): boolean {
  return accessKeyId === 'cloudformation' || accessKeyId.startsWith(operator.accessKeyId);
}

/** Options for an SDK client of the operator, who has a key of each account. */
export function operatorClient(
  cloud: Pick<Cloud, 'accounts' | 'endpoint'>,
  region: string,
  account = homeAccount,
) {
  return { endpoint: cloud.endpoint, region, credentials: operatorOf(cloud, account) };
}

function operatorOf({ accounts }: Pick<Cloud, 'accounts'>, account: string) {
  if (account === homeAccount) return operator;
  const accessKeyId = `${operator.accessKeyId}${account}`;
  const arn = `arn:aws:iam::${account}:user/operator`;
  accounts.register(accessKeyId, { account, caller: null, arn, userId: accessKeyId, role: null });
  return { ...operator, accessKeyId };
}
