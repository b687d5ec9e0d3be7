import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Accounts, homeAccount } from './wire/accounts.ts';

/** The key of a person with every right, for everything that the demonstration and the tests set up. */
export const operator = { accessKeyId: 'AKIALOCALOPERATOR', secretAccessKey: 'local' };

/**
 * Says whether calls with the key cost no rate limit: those of the operator, whose set-up lies in the past, and of
 * CloudFormation.
 */
export function isOperator(accessKeyId: string): boolean {
  return accessKeyId === 'cloudformation' || accessKeyId.startsWith(operator.accessKeyId);
}

/** A cloud that can be called: its endpoint, and the keys that it knows. */
type Reached = { readonly accounts: Accounts; readonly endpoint: string };

/** Options for an SDK client of the operator, who has a key in each account. */
export function operatorClient(cloud: Reached, region: string, account = homeAccount) {
  return { ...connectionTo(cloud), region, credentials: operatorOf(cloud, account) };
}

/** The same for setting the scene: writes what certkeep would have written, or something harmful, ignoring all policies. */
export function sceneryClient(cloud: Reached, region: string, account = homeAccount) {
  const accessKeyId = `${operator.accessKeyId}SCENERY${account}`;
  const arn = `arn:aws:iam::${account}:user/scenery`;
  const above = { role: null, isAbovePolicies: true } as const;
  cloud.accounts.register(accessKeyId, {
    account,
    caller: null,
    arn,
    userId: accessKeyId,
    ...above,
  });
  return { ...connectionTo(cloud), region, credentials: { ...operator, accessKeyId } };
}

const handlers = new WeakMap<Accounts, NodeHttpHandler>();

/** All clients of a cloud share their connections: a fleet of thousands is set up with a client for each call. */
function connectionTo({ accounts, endpoint }: Reached) {
  const requestHandler = handlers.get(accounts) ?? new NodeHttpHandler();
  handlers.set(accounts, requestHandler);
  return { endpoint, requestHandler };
}

function operatorOf({ accounts }: Pick<Reached, 'accounts'>, account: string) {
  if (account === homeAccount) return operator;
  const accessKeyId = `${operator.accessKeyId}${account}`;
  const arn = `arn:aws:iam::${account}:user/operator`;
  accounts.register(accessKeyId, { account, caller: null, arn, userId: accessKeyId, role: null });
  return { ...operator, accessKeyId };
}
