import type { Clock } from '#shared/clock.ts';
import type { Endpoint, Target } from '#shared/deploy/targets/target.ts';
import type { Place } from '#shared/place.ts';

export type FakeTarget = Target & {
  readonly endpoint: Endpoint;
  /** What the listener's list says: the default first. */
  readonly held: readonly string[];
  /** Calls of look so far. */
  readonly looks: number;
  /** Calls of bind and unbind, in order. */
  readonly changes: readonly string[];
  /** Somebody else rebinds the default. */
  rebindByHand(arn: string): void;
  /** The next bind throws this and does nothing. */
  refuseNextBind(error: Error): void;
  /** The next look throws this. */
  refuseNextLook(error: Error): void;
  /** From now on a look, or a bind, takes so long. */
  slowDown(takes: { readonly lookMs?: number; readonly bindMs?: number }, clock: Clock): void;
  /** Its load balancer is made anew, under another host name. */
  move(): void;
};

/** A listener in memory: one default, or an SNI list behind a default that is never ours. */
export function fakeTarget(options: {
  readonly key: string;
  readonly place: Place;
  readonly kind: 'default' | 'sni';
  readonly defaultArn: string;
}): FakeTarget {
  const { key, place, kind } = options;
  const held = [options.defaultArn];
  const changes: string[] = [];
  let looks = 0;
  let refusal: Error | null = null;
  let lookRefusal: Error | null = null;
  let pause: { lookMs?: number; bindMs?: number; clock: Clock } | null = null;
  let endpoint = { host: `${key}.example`, port: 443 };

  return {
    key,
    place,
    get endpoint() {
      return endpoint;
    },
    held,
    changes,
    get looks() {
      return looks;
    },
    rebindByHand: (arn) => {
      held[0] = arn;
    },
    refuseNextBind: (error) => {
      refusal = error;
    },
    refuseNextLook: (error) => {
      lookRefusal = error;
    },
    slowDown: (takes, clock) => {
      pause = { ...takes, clock };
    },
    move: () => {
      endpoint = { ...endpoint, host: `new.${endpoint.host}` };
    },
    async look() {
      looks += 1;
      await pause?.clock.sleep(pause.lookMs ?? 0);
      const error = lookRefusal;
      lookRefusal = null;
      if (error) throw error;
      return {
        name: `${key}:443`,
        endpoint,
        arns: [...held],
        replacedArn: kind === 'default' ? (held[0] ?? null) : null,
      };
    },
    async bind(arn, replaces) {
      changes.push(`bind ${arn} for ${replaces}`);
      await pause?.clock.sleep(pause.bindMs ?? 0);
      const error = refusal;
      refusal = null;
      if (error) throw error;
      if (kind === 'default') {
        held[0] = arn;
        return;
      }
      if (!held.includes(arn)) held.push(arn);
      if (replaces && replaces !== arn) held.splice(held.indexOf(replaces), 1);
    },
    async unbind(arn) {
      changes.push(`unbind ${arn}`);
      held.splice(held.indexOf(arn), 1);
    },
  };
}
