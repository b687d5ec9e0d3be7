import type { Solver } from '#shared/solvers/solver.ts';
import { solverKey } from '#shared/solvers/solver-key.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import type { Subject } from './check.ts';

type Route53Config = SolverConfig & { readonly type: 'route53' };

/** Creates the solvers as issue does, with the caller's eyes; one for each configured one. */
export function zoneFinders({ clock, config, optionsIn }: Subject) {
  const { account: home, region } = config.home;
  const made = new Map<string, Promise<Solver>>();
  const make = async ({ hostedZoneId, roleArn }: Route53Config) => {
    const { awsRoute53Client } = await import('#shared/solvers/route53/client.ts');
    const { route53Solver } = await import('#shared/solvers/route53/route53.ts');
    const account = roleArn?.split(':')[4] ?? home;
    const client = awsRoute53Client(optionsIn({ account, region }));
    return route53Solver({ ...(hostedZoneId && { hostedZoneId }) }, { client, clock });
  };
  return (solver: Route53Config): Promise<Solver> => {
    const key = solverKey(solver);
    const found = made.get(key) ?? make(solver);
    made.set(key, found);
    return found;
  };
}
