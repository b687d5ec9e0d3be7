import type { Place } from '#shared/place.ts';
import { nextStep, type Step } from '#shared/targets/next-step.ts';
import type { Endpoint, Position, Target } from '#shared/targets/target.ts';
import type { Clock } from '#shared/time/clock.ts';

export type FakeTarget = Target & {
  readonly endpoint: Endpoint;
  /** What the listener holds: the default first. */
  readonly held: readonly string[];
  /** Calls of look so far. */
  readonly looks: number;
  /** The steps that were taken, in order: `set-default`, `add` and `remove` with their ARNs. */
  readonly changes: readonly string[];
  /** Somebody else rebinds the default. */
  rebindByHand(arn: string): void;
  /** Somebody else puts a certificate into the list, or takes it out. */
  listByHand(arn: string): void;
  unlistByHand(arn: string): void;
  /** Each step is taken within this, so that a run can die after it. */
  within(effect: (step: () => Promise<void>) => Promise<void>): void;
  /** The next change throws this and does nothing. */
  refuseNextBind(error: Error): void;
  /** The next look throws this. */
  refuseNextLook(error: Error): void;
  /** From now on a look, or a bind, takes so long. */
  slowDown(takes: { readonly lookMs?: number; readonly bindMs?: number }, clock: Clock): void;
  /** Its load balancer is made anew, under another host name. */
  move(): void;
};

/** A listener in memory: an SNI list behind a default. */
export function fakeTarget(options: {
  readonly key: string;
  readonly place: Place;
  readonly position: Position;
  readonly defaultArn: string;
}): FakeTarget {
  const { key, place, position } = options;
  const shown = { default: options.defaultArn, list: [] as string[] };
  const changes: string[] = [];
  const marks = new Map<string, string>();
  let looks = 0;
  let refusal: Error | null = null;
  let lookRefusal: Error | null = null;
  let pause: { lookMs?: number; bindMs?: number; clock: Clock } | null = null;
  let endpoint = { host: `${key}.example`, port: 443 };
  let effect = (step: () => Promise<void>) => step();

  async function take({ do: what, arn }: Step): Promise<void> {
    changes.push(`${what} ${arn}`);
    if (what === 'set-default') shown.default = arn;
    else if (what === 'add') shown.list.push(arn);
    else shown.list.splice(shown.list.indexOf(arn), 1);
  }

  return {
    key,
    place,
    listener: key,
    position,
    get endpoint() {
      return endpoint;
    },
    get held() {
      return [shown.default, ...shown.list];
    },
    changes,
    get looks() {
      return looks;
    },
    rebindByHand: (arn) => {
      shown.default = arn;
    },
    listByHand: (arn) => void shown.list.push(arn),
    unlistByHand: (arn) => void shown.list.splice(shown.list.indexOf(arn), 1),
    within: (given) => {
      effect = given;
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
      const { list } = shown;
      return { name: `${key}:443`, endpoint, kind: 'alb', default: shown.default, list: [...list] };
    },
    readHeld: async () => ({ default: shown.default, list: [...shown.list] }),
    async arrange(wanted) {
      await pause?.clock.sleep(pause.bindMs ?? 0);
      const error = refusal;
      refusal = null;
      if (error) throw error;
      for (;;) {
        const step = nextStep(shown, wanted);
        if (step === null) return { default: shown.default, list: [...shown.list] };
        await effect(() => take(step));
      }
    },
    mark: async (name, value) => void marks.set(name, value),
    marks: async () => Object.fromEntries(marks),
    tags: async () => ({ 'aws:cloudformation:stack-name': 'network' }),
  };
}
