import type { Clock } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError } from '#shared/errors.ts';

/** `name` is the whole record name, `_acme-challenge.<base>`; `value` is what the CA looks for, unquoted. */
export type TxtValue = { readonly name: string; readonly value: string };

/** What the DNS service calls a change on its way to its servers. */
export type ChangeHandle = string;

/** A DNS service as the issue stage uses it. Values of others at the same names are left as they are. */
export type Solver = {
  /** @throws CertkeepError ZoneNotFound */
  zoneFor(name: string): Promise<{ readonly zoneId: string }>;
  /** One atomic change for all values of the zone. Values already there are part of it: nothing doubles. */
  publish(zoneId: string, values: readonly TxtValue[]): Promise<ChangeHandle>;
  /** Whether all servers of the DNS service have it. */
  isPublished(handle: ChangeHandle): Promise<boolean>;
  /** Takes away exactly these values. Those that are gone already are success. */
  remove(zoneId: string, values: readonly TxtValue[]): Promise<void>;
};

/** @throws CertkeepError DnsChangeTimedOut when the next look would come after `deadline`. */
export async function waitUntilPublished(
  solver: Pick<Solver, 'isPublished'>,
  handle: ChangeHandle,
  clock: Clock,
  { everyMs, deadline }: { readonly everyMs: number; readonly deadline: Date },
): Promise<void> {
  while (!(await solver.isPublished(handle))) {
    if (clock.now().getTime() + everyMs > deadline.getTime()) {
      throw new CertkeepError('DnsChangeTimedOut', `DNS change ${handle} is still spreading`);
    }
    await clock.sleep(everyMs, deadlineSignal());
  }
}
