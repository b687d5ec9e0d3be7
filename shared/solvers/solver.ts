import type { Waiting } from '#shared/dns/propagation.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Clock } from '#shared/time/clock.ts';
import { pauseWithin } from '#shared/time/waiting.ts';

/**
 * What a CA looks for. In DNS `name` is the whole record name, `_acme-challenge.<base>`, and `value` what stands
 * there, unquoted; over HTTP `name` is the name itself, and `value` the key authorization (RFC 8555 §8.1).
 */
export type ChallengeValue = { readonly name: string; readonly value: string };
export type TxtValue = ChallengeValue;

/** For whom values are published, where a service can be told. */
export type Owner = { readonly certificate: string; readonly attemptId: string };

/** What a large change is told, and tells, on its way. */
export type Steps = {
  /** Whether it is to stop before the next value: the run ends, and another one goes on. */
  isOver(): boolean;
  /** These are published, by the change of that handle; or they are removed. */
  done(values: readonly ChallengeValue[], handle: ChangeHandle): Promise<void>;
};

/** Whether all that answers has the values; otherwise what does not, or that nothing answers. */
export type Proof =
  | { readonly kind: 'served' }
  | { readonly kind: 'missing'; readonly what: string }
  | { readonly kind: 'silent'; readonly what: string };

/** What the DNS service calls a change on its way to its servers. */
export type ChangeHandle = string;

/** `name` without dot at the end, lower case; null where the DNS service does not say. */
export type Zone = { readonly zoneId: string; readonly name: string | null };

/** A DNS service, or what answers HTTP, as the issue stage uses it. Values of others at the same names are left as they are. */
export type Solver = {
  /** @throws CertkeepError ZoneNotFound */
  zoneFor(name: string): Promise<Zone>;
  /** The servers that answer with what is published in a zone; null where there are none to name. */
  nameServers(zoneId: string): Promise<readonly string[] | null>;
  /** One atomic change for all values of the zone, where the service has such; else value by value. Nothing doubles. */
  publish(
    zoneId: string,
    values: readonly ChallengeValue[],
    owner?: Owner,
    steps?: Steps,
  ): Promise<ChangeHandle>;
  /** Whether the DNS service says that all its servers have it; true where it never says. */
  isPublished(handle: ChangeHandle): Promise<boolean>;
  /** Takes away exactly these values. Those that are gone already are success. */
  remove(zoneId: string, values: readonly ChallengeValue[], steps?: Steps): Promise<void>;
  /** Asks as a CA does, until the deadline, where values are not in DNS. */
  readonly proveServed?: (
    zoneId: string,
    values: readonly ChallengeValue[],
    waiting: Waiting,
  ) => Promise<Proof>;
  /** How long to wait for the servers where they cannot be asked themselves. */
  readonly settleMs: number;
};

/** @throws CertkeepError DnsChangeTimedOut when the next look would come after `deadline`. */
export async function waitUntilPublished(
  solver: Pick<Solver, 'isPublished'>,
  handle: ChangeHandle,
  clock: Clock,
  { everyMs, deadline }: { readonly everyMs: number; readonly deadline: Date },
): Promise<void> {
  while (!(await solver.isPublished(handle))) {
    if (await pauseWithin(clock, everyMs, deadline)) continue;
    throw new CertkeepError('DnsChangeTimedOut', `DNS change ${handle} is still spreading`);
  }
}

/** Whoever does not cut a change into steps. */
export const allAtOnce: Steps = { isOver: () => false, done: async () => undefined };
