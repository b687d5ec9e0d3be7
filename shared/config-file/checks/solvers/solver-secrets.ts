import { partitionOf } from '#shared/region.ts';
import type { Draft } from '../../draft.ts';
import type { Finding } from '../../messages/problem.ts';

/** IAM takes no policy that names another partition, so that such a secret would fail the deployment itself. */
export function solverSecretsCanBeRead({ region, solvers }: Draft): readonly Finding[] {
  return (solvers ?? []).flatMap((solver, index) => {
    const [prefix, partition = ''] = 'secret' in solver ? solver.secret.split(':') : [];
    if (region === null || prefix !== 'arn' || partition === partitionOf(region)) return [];
    return [
      {
        path: ['solvers', index, 'secret'],
        message: `is in the partition ${partition}, out of reach from ${region}`,
        fix: 'Keep the credentials in a secret of the same partition too, and name that one.',
      },
    ];
  });
}
