import type { ObjectStore } from '#shared/aws/object-store.ts';
import type { Clock } from '#shared/clock.ts';
import { allAtOnce, type Solver } from '../solver.ts';
import type { RulesClient } from './client.ts';
import { answerKey, tokenOf } from './paths.ts';
import { plainListeners } from './plain-listener.ts';
import { askListener, type HttpGet } from './self-check.ts';

export type PermanentOptions = {
  readonly listener: string;
  readonly client: Pick<RulesClient, 'listener'>;
  readonly objects: Pick<ObjectStore, 'put' | 'remove'>;
  readonly get: HttpGet;
  readonly clock: Clock;
};

/**
 * Answers through the permanent rule that came with the installation: its function reads an object for each token.
 * Nothing of the load balancer changes.
 */
export function permanentSolver(options: PermanentOptions): Solver {
  const { listener, client, objects, clock } = options;
  const listeners = plainListeners(clock, client);
  return {
    settleMs: 0,
    zoneFor: async () => ({ zoneId: listener, name: null }),
    nameServers: async () => null,
    async publish(zoneId, values, _owner, steps = allAtOnce) {
      await listeners.get(zoneId);
      for (const each of values) {
        if (steps.isOver()) break;
        await objects.put(answerKey(tokenOf(each.value)), each.value, 'text/plain');
        await steps.done([each], zoneId);
      }
      return zoneId;
    },
    isPublished: async () => true,
    async proveServed(zoneId, values, waiting) {
      return askListener(await listeners.get(zoneId), values, waiting, options.get);
    },
    async remove(_zoneId, values, steps = allAtOnce) {
      for (const each of values) {
        if (steps.isOver()) return;
        await objects.remove(answerKey(tokenOf(each.value)));
        await steps.done([each], '');
      }
    },
  };
}
