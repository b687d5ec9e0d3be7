import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import { arnOfOnePartition } from '#shared/schema/arn-of-one-partition.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

const path = ['alerts', 'snsTopic'];
const keyPath = ['alerts', 'snsTopicKey'];

/** A topic of the user is another one than that of the installation, and within reach. */
export function ownTopicCanBeReached(draft: Draft): readonly Finding[] {
  const { account, alerts, installation, region } = draft;
  const { snsTopic } = alerts;
  if (snsTopic === null || region === null) return [];
  const contradicted = arnOfOnePartition(snsTopic, path);
  if (contradicted.length > 0) return contradicted;
  const [, partition, , there = '', owner, name] = snsTopic.split(':');
  if (partition !== partitionOf(region)) {
    const message = `is in the partition ${partition}, out of reach from ${region}`;
    return [{ path, message, fix: `Write a topic of the partition ${partitionOf(region)}.` }];
  }
  if (account === null || installation === null) return [];
  const { topic, watchTopic } = namesOf({ installation, home: { account, region } });
  const isOurs = owner === account && there === region && (name === topic || name === watchTopic);
  if (!isOurs) return [];
  return [
    {
      path,
      message: 'is a topic of the installation itself, which gets the messages anyway',
      fix: 'Remove it, and subscribe to that topic.',
    },
  ];
}

/** SNS uses a key of the region of the topic. */
export function keyOfOwnTopicFits({
  alerts: { snsTopic, snsTopicKey },
}: Draft): readonly Finding[] {
  if (snsTopicKey === null) return [];
  if (snsTopic === null) {
    const message = 'is the key of no topic: alerts.snsTopic is missing';
    const fix = 'Write the topic as "snsTopic:", or remove the key.';
    return [{ path: keyPath, message, fix }];
  }
  const [topicRegion, keyRegion] = [snsTopic, snsTopicKey].map((arn) => arn.split(':')[3]);
  if (topicRegion === keyRegion) return [];
  return [
    {
      path: keyPath,
      message: `is of ${keyRegion}, and the topic is in ${topicRegion}: SNS encrypts with a key of its own region`,
      fix: `Write the key that the topic has: aws sns get-topic-attributes --region ${topicRegion} --topic-arn ${snsTopic} --query Attributes.KmsMasterKeyId.`,
    },
  ];
}
