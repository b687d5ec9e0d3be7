import { readFileSync } from 'node:fs';
import type { Cloud } from 'local-cloud/cloud.ts';
import { roleArn, trusting } from 'local-cloud/kit/iam-lab.ts';
import { roleSession } from 'local-cloud/wire/accounts.ts';

/**
 * The environment of somebody whose role has the rights that docs/operate.md names below these headings, and no others.
 */
export function personWithDocumentedRights(
  cloud: Pick<Cloud, 'accounts' | 'endpoint' | 'iam'>,
  role: string,
  headings: readonly string[],
): NodeJS.ProcessEnv {
  const arn = roleArn(role);
  const policies = headings.map((name, index) => ({
    name: `rights-${index}`,
    document: documentBelow(name),
  }));
  cloud.iam.putRole({ arn, trustPolicy: trusting({ AWS: '*' }), policies });
  const identity = roleSession({ role: arn, sessionName: 'somebody', caller: null });
  if (!identity) throw new Error(`${role} is no name of a role`);
  const accessKeyId = `AKIA${role.replace(/\W/g, '').toUpperCase()}`;
  cloud.accounts.register(accessKeyId, identity);
  return {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
  };
}

/** The first policy below a heading, for the account of the local cloud. */
function documentBelow(heading: string) {
  const [, section = ''] = readFileSync('docs/operate.md', 'utf8').split(` ${heading}\n`);
  const [, json] = /```json\n([\s\S]*?)```/.exec(section) ?? [];
  if (!json) throw new Error(`docs/operate.md has no policy below ${heading}`);
  return JSON.parse(json.replaceAll('123456789012', '000000000000').replaceAll('key/KEY', 'key/*'));
}
