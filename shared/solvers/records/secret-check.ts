import { partitionOf } from '#shared/region.ts';
import type { PluginCheck } from '#shared/schema/plugin-check.ts';

/** IAM accepts no policy that names another partition, so such a secret would fail the whole deployment. */
export const secretCheck: PluginCheck<{ readonly secret: string }> = (own, { region }) =>
  own.flatMap(({ path, value }) => {
    const [prefix, partition = ''] = value.secret.split(':');
    if (region === null || prefix !== 'arn' || partition === partitionOf(region)) return [];
    return [
      {
        path: [...path, 'secret'],
        message: `is in the partition ${partition}, out of reach from ${region}`,
        fix: 'Keep the credentials in a secret of the same partition too, and name that one.',
      },
    ];
  });
