import type { Config } from '#shared/config/config.ts';
import { partitionOf } from '#shared/region.ts';

/** ARNs of an installation's named resources, as text: a reference would not reach other stacks. */
export function arnsIn({ account, region }: Config['home']) {
  const partition = partitionOf(region);
  return {
    role: (name: string) => `arn:${partition}:iam::${account}:role/${name}`,
    /** A multi-Region key has the same id in every region. */
    key: (keyRegion: string, keyId: string) =>
      `arn:${partition}:kms:${keyRegion}:${account}:key/${keyId}`,
  };
}
