import {
  type ContextEntry,
  type ContextKeyTypeEnum,
  IAMClient,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import type { ClientOptions } from '#shared/aws/clients.ts';

/** The role of alert, and the topic with its key to which it publishes; null where the topic has no key of a customer. */
export type Publisher = {
  readonly roleArn: string;
  readonly topicArn: string;
  readonly keyArn: string | null;
};

/**
 * Returns the actions on the topic and on its key that the policies of the role do not allow, the boundary of its permissions
 * and the policies of the organization included (API_SimulatePrincipalPolicy.html). The policies of the topic and of the key
 * are not looked at. In another account they decide as well (API_EvaluationResult.html), so that what is there is not asked for.
 * @throws Error where the policies ask for more than is known here, such as the tags of the role
 */
export async function deniedActions(
  options: ClientOptions,
  { keyArn, roleArn, topicArn }: Publisher,
): Promise<readonly string[]> {
  const iam = new IAMClient(options);
  const [, , , region = ''] = topicArn.split(':');
  const account = accountOf(roleArn);
  // Boundaries and the policies of organizations often ask for these.
  const usual = [
    entry('aws:RequestedRegion', region),
    entry('aws:PrincipalArn', roleArn),
    entry('aws:PrincipalAccount', account),
    entry('aws:ResourceAccount', account),
    entry('aws:SecureTransport', 'true', 'boolean'),
  ];
  const isHere = (arn: string) => accountOf(arn) === account;
  const asked = [
    ...(isHere(topicArn)
      ? [{ ResourceArns: [topicArn], ActionNames: ['sns:Publish'], ContextEntries: usual }]
      : []),
    ...(keyArn === null || !isHere(keyArn)
      ? []
      : [
          {
            ResourceArns: [keyArn],
            ActionNames: ['kms:GenerateDataKey', 'kms:Decrypt'],
            ContextEntries: [
              ...usual,
              // The policy of the role also takes the partition's own domain, but this one is always among what it takes.
              entry('kms:ViaService', `sns.${region}.amazonaws.com`),
              entry('kms:EncryptionContext:aws:sns:topicArn', topicArn),
              // Another statement lets the key open objects: it has to be clear that this is none.
              entry('kms:EncryptionContext:aws:s3:arn', 'none'),
            ],
          },
        ]),
  ];
  const results = asked.map(async (request) => {
    const input = { PolicySourceArn: roleArn, ...request };
    const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(input));
    return EvaluationResults;
  });
  const denied = (await Promise.all(results))
    .flat()
    .filter(({ EvalDecision }) => EvalDecision !== 'allowed');
  const missing = denied.flatMap(({ MissingContextValues }) => MissingContextValues ?? []);
  if (missing.length > 0) {
    throw new Error(`the policies of the role ask for ${[...new Set(missing)].join(', ')}`);
  }
  return denied.map(({ EvalActionName }) => EvalActionName ?? '');
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function entry(
  ContextKeyName: string,
  value: string,
  ContextKeyType: ContextKeyTypeEnum = 'string',
): ContextEntry {
  return { ContextKeyName, ContextKeyType, ContextKeyValues: [value] };
}
