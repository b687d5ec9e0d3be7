import { errorName } from '#shared/errors.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Finding, ok, type Question, type Subject } from '../check.ts';

/** The topic of the user: it is there, and the file names the key that it is encrypted with. */
export function ownTopicQuestions(subject: Subject): readonly Question[] {
  const { snsTopic } = subject.config.alerts;
  if (snsTopic === undefined) return [];
  const [, , , region = '', account = ''] = snsTopic.split(':');
  return [
    {
      about: `topic ${snsTopic}`,
      account,
      instead: `aws sns get-topic-attributes --region ${region} --topic-arn ${snsTopic}`,
      ask: () => lookAt(snsTopic, { region, account }, subject),
    },
  ];
}

async function lookAt(
  TopicArn: string,
  place: { readonly region: string; readonly account: string },
  subject: Subject,
): Promise<readonly Finding[]> {
  const { GetTopicAttributesCommand, SNSClient } = await import('@aws-sdk/client-sns');
  const sns = new SNSClient(subject.optionsIn(place));
  const answer = await sns.send(new GetTopicAttributesCommand({ TopicArn })).catch((error) => {
    if (['NotFound', 'NotFoundException'].includes(errorName(error))) return null;
    throw error;
  });
  if (answer === null) {
    const command = `aws sns list-topics --region ${place.region}`;
    const say = `Write the ARN of a topic that exists as "snsTopic:" into ${subject.file}; these are there:`;
    return [{ mark: 'wrong', text: `${TopicArn} is not there`, say, command }];
  }
  const { KmsMasterKeyId: key = null, Policy: policy = null } = answer.Attributes ?? {};
  const found = [
    ...keyFindings(TopicArn, key, subject),
    ...policyFindings(TopicArn, policy, subject),
  ];
  return found.length > 0 ? found : [ok(`${TopicArn} is there and gets every message too`)];
}

function keyFindings(
  topic: string,
  key: string | null,
  { config, file }: Subject,
): readonly Finding[] {
  const { snsTopicKey: named } = config.alerts;
  const [, , , region] = topic.split(':');
  const isOfAws = key === null || /(?:^|:)alias\/aws\//.test(key);
  const wrong = (text: string, say: string): readonly Finding[] => {
    const command = `aws kms describe-key --region ${region} --key-id ${shellWord(key ?? named ?? '')} --query KeyMetadata.Arn`;
    return [{ mark: 'wrong', text, say, command }];
  };
  if (isOfAws) {
    return named === undefined
      ? []
      : [
          {
            mark: 'warning',
            text: `${topic} is not encrypted with ${named}: remove "snsTopicKey:" from ${file}`,
          },
        ];
  }
  if (named === undefined) {
    const say = `Write the ARN of the key as "snsTopicKey:" into ${file}:`;
    return wrong(`${topic} is encrypted with ${key}, which the role of alert may not use`, say);
  }
  // An alias does not say which key it leads to.
  if (key.includes('alias/') || named.endsWith(key) || key === named) return [];
  return wrong(`${topic} is encrypted with ${key}, and the file names ${named}`, 'Its ARN:');
}

function policyFindings(
  topic: string,
  policy: string | null,
  { config }: Subject,
): readonly Finding[] {
  const [, , , region, owner] = topic.split(':');
  if (owner === config.home.account || policy === null) return [];
  // A policy that names neither the account nor everybody allows nothing. The first message shows whether another one allows enough.
  if (policy.includes(config.home.account) || isForEverybody(policy)) return [];
  return [
    {
      mark: 'wrong',
      text: `the policy of ${topic} does not name the account ${config.home.account}, so that certkeep may not publish there`,
      say: 'docs/operate.md has the statement to add ("A topic of your own"):',
      command: `aws sns get-topic-attributes --region ${region} --topic-arn ${topic} --query Attributes.Policy --output text`,
    },
  ];
}

/** Such as for an organization. The policy that SNS gives a topic is for everybody too, but only in the name of its owner. */
function isForEverybody(policy: string): boolean {
  return [JSON.parse(policy).Statement ?? []].flat().some((statement) => {
    const text = JSON.stringify(statement);
    const isOfOwner = /"aws:Source(?:Owner|Account)"/i.test(text);
    return statement.Effect === 'Allow' && /"(?:Principal|AWS)":\[?"\*"/.test(text) && !isOfOwner;
  });
}
