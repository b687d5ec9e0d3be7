import { topicReader } from '#local/demo/landscape/own-topic.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

const key = 'arn:aws:kms:us-east-1:123456789012:key/mrk-0f1e2d3c4b5a4987a6b5c4d3e2f1a0b9';
const topicKey = 'arn:aws:kms:eu-west-1:222222222222:key/0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9';

/** A key for the secrets, and a topic in another region and account with a key there. */
export const ofUser: Scenario = {
  name: 'a topic of the user gets every message too, and a key of the user encrypts the secrets',
  source: `${configText(
    `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
  )}keyStore: {kmsKey: "${key}"}
alerts: {email: [ops@example.com], snsTopic: "arn:aws:sns:eu-west-1:222222222222:ops", snsTopicKey: "${topicKey}"}\n`,
  async run(world) {
    await world.check();
    await world.live(2 * hour);
  },
  async problems(world) {
    return [...keyProblems(world), ...topicProblems(world), ...(await healthy(world))];
  },
};

function keyProblems(world: World): readonly string[] {
  const { config } = world.landscape;
  const { kmsKey = '' } = config.keyStore ?? {};
  const { secretInSync = false } = world.record('shop').replicas['eu-west-1'] ?? {};
  const keysOf = ['us-east-1', 'eu-west-1'].map(
    (region) => world.cloud.secrets.find('certkeep/shop', { ...config.home, region })?.kmsKeyId,
  );
  const wanted = [kmsKey, kmsKey.replace('us-east-1', 'eu-west-1')];
  return [
    ...(keysOf.join() === wanted.join() ? [] : [`the secret has the keys ${keysOf}`]),
    ...(secretInSync ? [] : ['the replica is behind']),
  ];
}

function topicProblems({ cloud }: World): readonly string[] {
  const all = cloud.sns.published();
  const ours = all.filter(({ topicArn }) => topicArn.endsWith(':certkeep-alerts'));
  const theirs = all.filter(({ recipients }) => recipients.includes(topicReader));
  const subjects = (of: typeof all) => of.map(({ subject }) => subject).join();
  return subjects(theirs) === subjects(ours)
    ? []
    : [`the topic of the user got ${theirs.length} messages of ${ours.length}`];
}
