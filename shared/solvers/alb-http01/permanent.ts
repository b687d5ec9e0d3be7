import { CertkeepError } from '#shared/errors.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { allAtOnce, type ChallengeValue, type Solver } from '../solver.ts';
import { answerKey, formerAnswerKey, isToken, tokenOf } from './answering/paths.ts';
import type { RulesClient } from './client.ts';
import { plainListeners } from './plain-listener.ts';
import { askListener, type HttpGet } from './self-check.ts';

export type AnswerObjects = Pick<ObjectStore, 'get' | 'putIf' | 'remove'>;

export type PermanentOptions = {
  readonly listener: string;
  readonly client: Pick<RulesClient, 'listener'>;
  readonly objects: AnswerObjects;
  readonly get: HttpGet;
  readonly clock: Clock;
};

/**
 * Answers through the permanent rule that the installation deploys: its function reads one object per token and host. The
 * load balancer does not change.
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
        await put(objects, each);
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
        await takeAway(objects, each);
        await steps.done([each], '');
      }
    },
  };
}

/** Somebody may remove the conflicting object before we have read it. */
const rounds = 3;

/** Never overwrites an object for the same token and host: a CA that reuses another CA's token would destroy that CA's proof. */
async function put(objects: AnswerObjects, { name, value }: ChallengeValue): Promise<void> {
  const token = tokenOf(value);
  if (!isToken(token)) {
    throw new CertkeepError(
      'IssuerAnswerInvalid',
      `the token for ${name} has ${token.length} characters: a permanent rule answers for 22 to 128 (RFC 8555 §8.3)`,
    );
  }
  const key = answerKey(token, name);
  for (let round = 0; round < rounds; round += 1) {
    if ((await objects.putIf(key, value, null)).outcome === 'written') return;
    const held = await read(objects, key);
    if (held === value) return;
    if (held !== null) throw taken(name);
  }
  throw taken(name);
}

function taken(name: string): CertkeepError {
  return new CertkeepError(
    'ChallengeTokenTaken',
    `the token that the CA names for ${name} is in use already, with the key of another account`,
  );
}

async function takeAway(objects: AnswerObjects, { name, value }: ChallengeValue): Promise<void> {
  const key = answerKey(tokenOf(value), name);
  const held = await read(objects, key);
  if (held === value) return objects.remove(key);
  // An earlier version may have stored it under another key.
  if (held === null) await objects.remove(formerAnswerKey(tokenOf(value)));
}

async function read(objects: AnswerObjects, key: string): Promise<string | null> {
  const found = await objects.get(key);
  return found && Buffer.from(found.body).toString('latin1');
}
