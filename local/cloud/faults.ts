import { type Clock, systemClock } from './clock.ts';

/** A call from certkeep to the outside, as it arrives at the local cloud. */
export type OutsideCall = {
  /** `s3`, `acm`, `cloudfront`, `elbv2`, `elb`, `route53`, `secretsmanager`, `sqs`, `sns`, `events`, `ssm`, `sts`, `tagging` or `acme`. */
  readonly service: string;
  /** The AWS operation (`PutObject`) or the ACME one (`newOrder`, `finalize`, `challenge`, `order`, ...). */
  readonly operation: string;
  /** The function that calls (`issue`); null for a person or the test itself. */
  readonly caller: string | null;
  readonly region: string | null;
  /** The request id of the calling run; null or absent where no run calls. */
  readonly run?: string | null;
  /** The parsed input of an AWS operation, or the payload of an ACME request. */
  readonly input: unknown;
};

/**
 * An action on a call. `refuse` and `throttle` answer with an error and do nothing; `lose-answer` carries the call out and
 * drops the connection; `kill-before` and `kill-after` end the calling run, and no other run of its function, before or
 * after the effect; `delay` holds the answer back, in real time unless given a clock; `twice` carries the call out again
 * and returns the second answer; `meanwhile` lets something else happen between its effect and its answer; `freeze` holds
 * the call before its effect until its caller is thawed, and carries it out only if the caller still waits: a frozen
 * process has not sent it.
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

type FaultRule = {
  readonly when: (call: OutsideCall) => boolean;
  readonly fault: Fault;
  /** Skips this many matching calls first. */
  readonly skip?: number;
  /** The number of calls that it affects, 1 by default; Infinity for ever. */
  readonly times?: number;
};

export type Faults = {
  add(rule: FaultRule): void;
  clear(): void;
  /** Every call so far, in the order of arrival. */
  readonly calls: readonly OutsideCall[];
  /** Asked once per arriving call, before any effect. */
  strike(call: OutsideCall): Fault | null;
  /** Called for each call as it arrives, when the effects of all earlier calls are visible. */
  watch: (call: OutsideCall) => void;
  /** The runtime sets it: ends the process, or abandons the in-process run, that makes a call. */
  kill: (caller: string | null, run: string | null) => void;
};

/** Says whether the answer is dropped together with its connection. */
export function losesAnswer(fault: Fault | null): boolean {
  return fault?.do === 'kill-before' || fault?.do === 'kill-after' || fault?.do === 'lose-answer';
}

/** Wraps an effect, for every protocol: runs it once or twice, and may hold its answer back. */
export async function carryOut<T>(fault: Fault | null, effect: () => Promise<T> | T): Promise<T> {
  try {
    // The second call is sent, whatever became of the first.
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
