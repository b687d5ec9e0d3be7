import type { Waiting } from '#shared/dns/propagation.ts';
import { CertkeepError } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { pauseWithin } from '#shared/time/waiting.ts';

/**
 * The value that a CA looks for. In DNS, `name` is the whole record name, `_acme-challenge.<base>`, and `value` its
 * unquoted text; over HTTP, `name` is the name itself and `value` the key authorization (RFC 8555 §8.1).
 */
export type ChallengeValue = { readonly name: string; readonly value: string };
export type TxtValue = ChallengeValue;

/** Owns the published values, for services that can store an owner. */
export type Owner = { readonly certificate: string; readonly attemptId: string };

/** Lets a large change stop and report on its way. */
export type Steps = {
  /** Says whether to stop before the next value: this run ends, and another one continues. */
  isOver(): boolean;
  /** Reports that these values are published, by the change with that handle, or removed. */
  done(values: readonly ChallengeValue[], handle: ChangeHandle): Promise<void>;
};

/** Says whether every server answers with the values; otherwise what is missing, or that no server answers. */
export type Proof =
  | { readonly kind: 'served' }
  | { readonly kind: 'missing'; readonly what: string }
  | { readonly kind: 'silent'; readonly what: string };

/** The DNS service's id of a change that is spreading to its servers. */
export type ChangeHandle = string;

/** `name` has no trailing dot and is in lower case; null where the DNS service does not say. */
export type Zone = { readonly zoneId: string; readonly name: string | null };

/** A DNS service, or an HTTP responder, as the issue stage uses it. It leaves the values of others at the same names unchanged. */
export type Solver = {
  /** @throws CertkeepError ZoneNotFound */
  zoneFor(name: string): Promise<Zone>;
  /** The servers that answer for a zone; null where there are none to name. */
  nameServers(zoneId: string): Promise<readonly string[] | null>;
  /**
   * Publishes all values of the zone in one atomic change where the service can, otherwise value by value. It creates no
   * duplicates.
   */
  publish(
    zoneId: string,
    values: readonly ChallengeValue[],
    owner?: Owner,
    steps?: Steps,
  ): Promise<ChangeHandle>;
  /** Says whether all servers of the DNS service have the change; true where the service never says. */
  isPublished(handle: ChangeHandle): Promise<boolean>;
  /** How many of the usual waits pass before it is worth asking that; none unless given. */
  readonly spreadsForWaits?: number;
  /** Removes exactly these values. It succeeds for values that are gone already. */
  remove(zoneId: string, values: readonly ChallengeValue[], steps?: Steps): Promise<void>;
  /** Asks as a CA does, until the deadline, where the values are not in DNS. */
  readonly proveServed?: (
    zoneId: string,
    values: readonly ChallengeValue[],
    waiting: Waiting,
  ) => Promise<Proof>;
  /** The wait for the servers where we cannot ask them. */
  readonly settleMs: number;
};

type Publishing = {
  /** The time since which the values are out: of the change, unless a lost value was written again. */
  readonly since: Date;
  /** The usual wait between two looks. */
  readonly everyMs: number;
  readonly deadline: Date;
};

/** The longer a change takes, the less a look a little later matters: many share the limits of a service. */
const shareOfAge = 1 / 5;
const longestLookMs = 30 * secondMs;

/** @throws CertkeepError DnsChangeTimedOut when the next look would come after `deadline`. */
export async function waitUntilPublished(
  { isPublished, spreadsForWaits = 0 }: Pick<Solver, 'isPublished' | 'spreadsForWaits'>,
  handle: ChangeHandle,
  clock: Clock,
  { since, everyMs, deadline }: Publishing,
): Promise<void> {
  const ageMs = () => clock.now().getTime() - since.getTime();
  let waitMs = spreadsForWaits * everyMs - ageMs();
  do {
    if (waitMs > 0 && !(await pauseWithin(clock, waitMs, deadline))) {
      throw new CertkeepError('DnsChangeTimedOut', `DNS change ${handle} is still spreading`);
    }
    waitMs = Math.max(everyMs, Math.min(ageMs() * shareOfAge, longestLookMs));
  } while (!(await isPublished(handle)));
}

/** For callers that do not split a change into steps. */
export const allAtOnce: Steps = { isOver: () => false, done: async () => undefined };
