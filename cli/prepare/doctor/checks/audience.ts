import { snsTopicWatch } from '#shared/adapters/sns-topic-watch.ts';
import { type WatchedTopic, watchersOf } from '#shared/check/observations/watchers.ts';
import { errorName } from '#shared/errors.ts';
import { partitionOf } from '#shared/region.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { ownTopicQuestions } from './own-topic.ts';

/** Somebody is told: the file names whom, and once certkeep is installed they have confirmed it. */
export const audience: Check = {
  title: 'Who is told',
  rights: ['sns:ListSubscriptionsByTopic', 'sns:GetTopicAttributes'],
  questions: (subject) => [
    { about: 'the file', ask: async () => [namedIn(subject)] },
    ...watchersOf(subject.config).topics.map((topic) => ({
      about: `topic ${topic.name} in ${topic.region}`,
      account: subject.config.home.account,
      instead: `aws sns list-subscriptions-by-topic --region ${topic.region} --topic-arn ${arnOf(topic, subject)}`,
      ask: () => lookAt(topic, subject),
    })),
    ...ownTopicQuestions(subject),
  ],
};

function namedIn({ config: { alerts }, file }: Subject): Finding {
  const { email, heartbeat, snsTopic } = alerts;
  if (email.length > 0) {
    return ok(`${email.map(({ address }) => address).join(', ')} by e-mail`);
  }
  if (snsTopic !== undefined) {
    return {
      mark: 'warning',
      text: `the file names ${snsTopic} and no address, so nobody hears the alarms`,
      say: `Write "email: [ops@example.com]" beside "snsTopic:" into ${file}, then:`,
      command: 'npx cdk deploy --all',
    };
  }
  return {
    mark: 'warning',
    text: `the file names no address${heartbeat ? ' but that of a sign of life' : ', so nobody is told anything'}`,
    say: `Write "alerts: {email: [ops@example.com]}" into ${file}, then:`,
    command: 'npx cdk deploy --all',
  };
}

type Topic = Pick<WatchedTopic, 'name' | 'region'>;

function arnOf({ name, region }: Topic, { config }: Subject): string {
  return `arn:${partitionOf(region)}:sns:${region}:${config.home.account}:${name}`;
}

async function lookAt(topic: WatchedTopic, subject: Subject): Promise<readonly Finding[]> {
  const { account } = subject.config.home;
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const watch = snsTopicWatch({
    clientIn: (region) => new SNSClient(subject.optionsIn({ account, region })),
    arnOf: (each) => arnOf(each, subject),
  });
  const { name, region } = topic;
  const seen = await watch(topic).catch(nullWhereMissing);
  if (seen === null) return [ok(`${name} in ${region} comes with the first deployment`)];
  const { confirmed, isClosed, pending, unconfirmed } = seen;
  const where = `${name} in ${region}`;
  return [
    confirmed > 0 || unconfirmed.length > 0
      ? ok(`${where}: ${confirmed} subscribed and confirmed, ${pending} not confirmed`)
      : nobody(topic, subject, pending),
    ...unconfirmed.map((address) => unheard(address, topic, subject, confirmed)),
    ...(isClosed ? [closed(where)] : []),
  ];
}

function nobody(topic: WatchedTopic, subject: Subject, pending: number): Finding {
  const [address = 'ADDRESS'] = subject.config.alerts.email.map((each) => each.address);
  const told = pending > 0 ? `${pending} have not confirmed yet` : 'nobody has subscribed';
  return {
    mark: 'wrong',
    text: `nobody hears of ${topic.name} in ${topic.region}: ${told}`,
    say: 'They click the link in the mail of AWS; to send it again:',
    command: subscribing(address, topic, subject),
  };
}

function unheard(
  address: string,
  topic: WatchedTopic,
  subject: Subject,
  confirmed: number,
): Finding {
  return {
    mark: confirmed > 0 ? 'warning' : 'wrong',
    text: `${address} has not confirmed ${topic.name} in ${topic.region}`,
    say: 'They click the link in the mail of AWS; to send it again:',
    command: subscribing(address, topic, subject),
  };
}

function subscribing(address: string, topic: Topic, subject: Subject): string {
  return `aws sns subscribe --region ${topic.region} --topic-arn ${arnOf(topic, subject)} --protocol email --notification-endpoint ${shellWord(address)}`;
}

function closed(where: string): Finding {
  return {
    mark: 'wrong',
    text: `${where} does not let AWS publish its alarms and notices: somebody has changed its policy`,
    command: 'npx cdk deploy --all',
  };
}

function nullWhereMissing(error: unknown): null {
  const { cause } = error instanceof Error ? error : {};
  if ([error, cause].some((each) => ['NotFound', 'NotFoundException'].includes(errorName(each)))) {
    return null;
  }
  throw error;
}
