/** A call that certkeep makes to the outside, as the local cloud sees it arrive. */
export type OutsideCall = {
  /** `s3`, `acm`, `elbv2`, `elb`, `route53`, `secretsmanager`, `sqs`, `sns`, `events`, `sts` or `acme`. */
  readonly service: string;
  /** The AWS operation (`PutObject`) or the ACME one (`newOrder`, `finalize`, `challenge`, `order`, ...). */
  readonly operation: string;
  /** The function that asks (`issue`), or null for a person or the test itself. */
  readonly caller: string | null;
  readonly region: string | null;
  /** The parsed input of an AWS operation, or the payload of an ACME request. */
  readonly input: unknown;
};

/**
 * What to do to a call. `refuse` and `throttle` answer with an error and do nothing; `lose-answer` does
 * it and drops the connection; `kill-before` and `kill-after` end the caller before or after the effect;
 * `delay` holds the answer back.
 */
export type Fault =
  | { readonly do: 'refuse'; readonly code: string; readonly status?: number }
  | { readonly do: 'throttle' }
  | { readonly do: 'delay'; readonly ms: number }
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
  /** Set by the runtime: ends the process, or abandons the in-process run, of that function. */
  kill: (caller: string | null) => void;
};

export function faultInjection(): Faults {
  type Armed = { rule: FaultRule; seen: number; struck: number };
  let rules: Armed[] = [];
  const calls: OutsideCall[] = [];
  return {
    calls,
    kill: () => undefined,
    add: (rule) => void rules.push({ rule, seen: 0, struck: 0 }),
    clear: () => {
      rules = [];
    },
    strike(call) {
      calls.push(call);
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
}
