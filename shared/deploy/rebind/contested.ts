import { CertkeepError } from '#shared/errors.ts';
import type { Deployment, ListenerChange } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { DeployContext, Look } from '../context.ts';

/** The maximum for one listener and version within a day: the tries that the back-off allows, and some more corrections. */
export const changesADay = 8;

/**
 * Returns the times within a day at which a listener was changed for this version. Certkeep does not fight somebody who
 * changes it back each time.
 * @throws CertkeepError ListenerContested
 */
export function recentChanges(
  { clock }: Pick<DeployContext, 'clock'>,
  { view }: Look,
  known: Deployment | null,
): readonly ListenerChange[] {
  const dayAgo = addMs(clock.now(), -dayMs);
  const recent = (known?.changes ?? []).filter(({ at }) => new Date(at) > dayAgo);
  const [first] = recent;
  if (first === undefined || recent.length < changesADay) return recent;
  const message = `${view.name} was changed for this certificate ${recent.length} times within a day, and is changed back each time`;
  throw new CertkeepError('ListenerContested', message, {
    retryAt: addMs(new Date(first.at), dayMs),
  });
}
