import { allow, policy, roleArn, trusting } from 'local-cloud/kit/iam-lab.ts';
import { roleSession } from 'local-cloud/wire/accounts.ts';
import type { World } from './world.ts';

const everything = policy(allow('*', '*'));

/** Options for a client of somebody in a role with AdministratorAccess, whom policies of resources may stop. */
export function personIn(world: World, role: string, region: string) {
  const { accounts, endpoint, iam } = world.cloud;
  const arn = roleArn(role);
  const policies = [{ name: 'AdministratorAccess', document: everything }];
  iam.putRole({ arn, trustPolicy: trusting({ AWS: '*' }), policies });
  const identity = roleSession({ role: arn, sessionName: 'somebody', caller: null });
  if (!identity) throw new Error(`${role} is no name of a role`);
  const accessKeyId = `AKIA${role.replace(/\W/g, '').toUpperCase()}`;
  accounts.register(accessKeyId, identity);
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey: 'secret' } };
}
