import { type ContextEntry, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { ClientOptions } from '#shared/aws/clients.ts';

/** What alert publishes with, and to. */
export type Publisher = {
  readonly roleArn: string;
  readonly topicArn: string;
  readonly keyArn: string;
};

/**
 * Returns the actions on the topic and on its key that the policies of the role do not allow, the boundary of its permissions
 * and the policies of the organization included (API_SimulatePrincipalPolicy.html). The policies of the topic and of the key
 * are not looked at.
 */
export async function deniedActions(
  options: ClientOptions,
  { keyArn, roleArn, topicArn }: Publisher,
): Promise<readonly string[]> {
  const iam = new IAMClient(options);
  const [, , , region = ''] = topicArn.split(':');
  // The policy of the role also takes the partition's own domain, but this one is always among what it takes.
  const context = [
    entry('kms:ViaService', `sns.${region}.amazonaws.com`),
    entry('kms:EncryptionContext:aws:sns:topicArn', topicArn),
  ];
  const asked = [
    { ResourceArns: [topicArn], ActionNames: ['sns:Publish'] },
    {
      ResourceArns: [keyArn],
      ActionNames: ['kms:GenerateDataKey', 'kms:Decrypt'],
      ContextEntries: context,
    },
  ];
  const denied = asked.map(async (request) => {
    const input = { PolicySourceArn: roleArn, ...request };
    const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(input));
    return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').map(
      ({ EvalActionName }) => EvalActionName ?? '',
    );
  });
  return (await Promise.all(denied)).flat();
}

function entry(ContextKeyName: string, value: string): ContextEntry {
  return { ContextKeyName, ContextKeyType: 'string', ContextKeyValues: [value] };
}
