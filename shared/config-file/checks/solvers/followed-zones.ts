import type { Draft } from '../../draft.ts';
import type { Finding } from '../../messages/problem.ts';

/**
 * Where a CNAME leads only DNS knows, so the right to write there cannot be held to names: without a zone it would be
 * one to write and delete every TXT record of the account, policies for mail among them.
 */
export function followedZonesAreNamed({ solvers }: Draft): readonly Finding[] {
  return (solvers ?? []).flatMap((solver, index) => {
    if (solver.type !== 'route53' || solver.cnameStrategy !== 'follow') return [];
    if (solver.hostedZoneId !== undefined || solver.roleArn !== undefined) return [];
    return [
      {
        path: ['solvers', index, 'cnameStrategy'],
        message:
          'is follow without a zone: it would be the right to change every TXT record of the account',
        fix: 'Add "hostedZoneId:" with the zone that the CNAMEs lead into; where they lead into several, write a solver for each, with a selector.',
      },
    ];
  });
}
