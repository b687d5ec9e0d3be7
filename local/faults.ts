import { type Clock, systemClock } from '#shared/time/clock.ts';

/** A call that certkeep makes to the outside, as the local cloud sees it arrive. */
export type OutsideCall = {
  /** `s3`, `acm`, `elbv2`, `elb`, `route53`, `secretsmanager`, `sqs`, `sns`, `events`, `ssm`, `sts` or `acme`. */
  readonly service: string;
  /** The AWS operation (`PutObject`) or the ACME one (`newOrder`, `finalize`, `challenge`, `order`, ...). */
  readonly operation: string;
  /** The function that asks (`issue`), or null for a person or the test itself. */
  readonly caller: string | null;
  readonly region: string | null;
  /** The request id of the run that asks; null or absent where no run does. */
  readonly run?: string | null;
  /** The parsed input of an AWS operation, or the payload of an ACME request. */
  readonly input: unknown;
};

/**
 * What to do to a call. `refuse` and `throttle` answer with an error and do nothing; `lose-answer` does
 * it and drops the connection; `kill-before` and `kill-after` end the run that calls, and no other of its
 * function, before or after the effect; `delay` holds the answer back, in real time unless given a clock;
 * `twice` carries it out a second time and answers that one; `meanwhile` lets something else happen between
 * its effect and its answer; `freeze` holds the call before its effect until its caller is thawed, and carries
 * it out only if the caller still waits for it: what a frozen process has not sent, nobody receives.
 */
export type Fault =
  | { readonly do: 'refuse'; readonly code: string; readonly status?: number }
  | { readonly do: 'throttle' }
  | { readonly do: 'delay'; readonly ms: number; readonly clock?: Pick<Clock, 'sleep'> }
  | { readonly do: 'twice' }
  | { readonly do: 'meanwhile'; readonly act: () => Promise<void> | void }
  | { readonly do: 'freeze'; readonly thawed: () => Promise<void> }
  | { readonly do: 'lose-answer' }
  | { readonly do: 'kill-before' }
  | { readonly do: 'kill-after' };

export type FaultRule = {
  readonly when: (call: OutsideCall) => boolean;
  readonly fault: Fault;
  /** Skips this many matching calls first. */
  readonly skip?: number;
  /** How many calls it strikes, 1 unless told; Infinity for ever. */
  readonly times?: number;
};

export type Faults = {
  add(rule: FaultRule): void;
  clear(): void;
  /** Every call so far, in the order of arrival. */
  readonly calls: readonly OutsideCall[];
  /** Asked once per arriving call, before any effect. */
  strike(call: OutsideCall): Fault | null;
  /** Told of each call as it arrives, when the effects of all calls before it are there to be looked at. */
  watch: (call: OutsideCall) => void;
  /** Set by the runtime: ends the process, or abandons the in-process run, that makes a call. */
  kill: (caller: string | null, run: string | null) => void;
};

/** Whether the answer is dropped with its connection. */
export function losesAnswer(fault: Fault | null): boolean {
  return fault?.do === 'kill-before' || fault?.do === 'kill-after' || fault?.do === 'lose-answer';
}

/** Around an effect, whatever the protocol: once, or twice, and its answer held back. */
export async function carryOut<T>(fault: Fault | null, effect: () => Promise<T> | T): Promise<T> {
  try {
    // The repetition of a call is sent whatever became of the first.
    if (fault?.do === 'twice') await Promise.resolve(effect()).catch(() => undefined);
    return await effect();
  } finally {
    if (fault?.do === 'meanwhile') await fault.act();
    if (fault?.do === 'delay') await (fault.clock ?? systemClock).sleep(fault.ms);
  }
}

export function faultInjection(): Faults {
  type Armed = { rule: FaultRule; seen: number; struck: number };
  let rules: Armed[] = [];
  const calls: OutsideCall[] = [];
  const faults: Faults = {
    calls,
    watch: () => undefined,
    kill: () => undefined,
    add: (rule) => void rules.push({ rule, seen: 0, struck: 0 }),
    clear: () => {
      rules = [];
    },
    strike(call) {
      calls.push(call);
      faults.watch(call);
      for (const armed of rules) {
        if (armed.struck >= (armed.rule.times ?? 1) || !armed.rule.when(call)) continue;
        armed.seen += 1;
        if (armed.seen <= (armed.rule.skip ?? 0)) continue;
        armed.struck += 1;
        return armed.rule.fault;
      }
      return null;
    },
  };
  return faults;
}
