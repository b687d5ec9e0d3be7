import { type ClientOptions, clientOptions } from '#shared/aws/clients.ts';
import { Secret } from '#shared/secret.ts';
import type { SolverDeps } from '#shared/solvers/solver-plugin.ts';
import type { Clock } from '#shared/time/clock.ts';
import { fakeObjectStore } from './fake-object-store.ts';

/** Without any pace, role or secret unless given. */
export function solverDeps(
  deps: { readonly clock: Clock } & Partial<Omit<SolverDeps, 'secrets'>> & {
      /** By the name of a secret, what it holds. */
      readonly secrets?: Readonly<Record<string, object>>;
    },
): SolverDeps {
  const { secrets = {}, ...given } = deps;
  const aws: ClientOptions = clientOptions({ region: 'us-east-1' });
  return {
    aws,
    inRole: () => aws,
    installation: 'certkeep',
    objects: fakeObjectStore(),
    atListener: () => aws,
    pace: () => async () => {},
    ...given,
    secrets: async (id) => new Secret(JSON.stringify(secrets[id])),
  };
}
