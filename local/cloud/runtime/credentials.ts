import { createHash } from 'node:crypto';
import { type DeployedFunction, stageOf } from '../services/lambda/state.ts';
import { type Accounts, roleSession } from '../wire/accounts.ts';

export type RoleKey = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** The key that Lambda gives a function: a session of its role, named after the function. */
export function roleKeys(accounts: Accounts): (deployed: DeployedFunction) => RoleKey {
  return (deployed) => {
    const { arn, name, roleArn } = deployed;
    const digest = createHash('sha256').update(`${arn} ${roleArn}`).digest('hex').toUpperCase();
    const accessKeyId = `ASIA${digest.slice(0, 16)}`;
    const session = roleSession({ role: roleArn, sessionName: name, caller: stageOf(deployed) });
    if (!session) throw new Error(`${name}: ${roleArn} is not the ARN of a role`);
    accounts.register(accessKeyId, session);
    return { accessKeyId, secretAccessKey: 'local', sessionToken: 'local' };
  };
}
