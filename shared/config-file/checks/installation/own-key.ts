import { partitionOf } from '#shared/region.ts';
import { arnOfOnePartition } from '#shared/schema/arn-of-one-partition.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

const path = ['keyStore', 'kmsKey'];

/** Secrets Manager takes a key of the account and the region of the secret (security-encryption.html). */
export function ownKeysAreOfHome(draft: Draft): readonly Finding[] {
  return [
    ...(draft.kmsKey === null ? [] : keyIsOfHome(draft.kmsKey, path, draft)),
    ...draft.retired.kmsKeys.flatMap(({ at, value }) => {
      const there = ['retired', 'kmsKeys', at];
      if (value !== draft.kmsKey) return keyIsOfHome(value, there, draft);
      return [
        {
          path: there,
          message: 'is in use: keyStore.kmsKey names it',
          fix: 'Remove it here, or there.',
        },
      ];
    }),
  ];
}

function keyIsOfHome(key: string, at: Path, { account, region }: Draft): readonly Finding[] {
  const [, partition, , there = '', owner] = key.split(':');
  const contradicted = arnOfOnePartition(key, at);
  if (contradicted.length > 0 || account === null || region === null) return contradicted;
  const isElsewhere = there !== region || partition !== partitionOf(region);
  if (!isElsewhere && owner === account) return [];
  return [
    {
      path: at,
      message: isElsewhere
        ? `is a key of ${there}, and the secrets are in ${region}`
        : `is a key of the account ${owner}, and the secrets are in ${account}`,
      fix: `Write a key of the home account and region: arn:${partitionOf(region)}:kms:${region}:${account}:key/….`,
    },
  ];
}

/** The copies of secrets need a key of their region; a multi-Region key has the same id there. */
export function ownKeyReachesReplicas({ kmsKey, replicas }: Draft): readonly Finding[] {
  const [first] = replicas;
  if (kmsKey === null || !first || kmsKey.includes(':key/mrk-')) return [];
  return [
    {
      path,
      message: `is a key of one region alone, and the copies of secrets in ${first.value} need one there`,
      fix: `Write a multi-Region key (key/mrk-…) that has a replica in each of "replicas:": aws kms create-key --multi-region, then aws kms replicate-key --replica-region ${first.value}. A key that is there cannot become one.`,
    },
  ];
}
