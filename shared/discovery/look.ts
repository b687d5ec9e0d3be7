import type { Config } from '#shared/config/config.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { type Log, levelOf } from '#shared/log.ts';
import { type Place, parsePlaceKey } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { type Finds, type FoundAt, nothingFound } from './found.ts';
import { isAt, isOfKnownKind, type Tagged } from './resource.ts';
import type { TagReader } from './tagging-client.ts';

export type DiscoveryPorts = {
  readonly config: Pick<Config, 'discovery'>;
  readonly finds: SharedObject<Finds>;
  readonly tagsIn: (place: Place) => TagReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

/** More in one place are left out, and people hear that there are more. */
const mostResources = 1_000;

/**
 * Reads which resources of a place carry the tag of a certificate, and writes them down. A look that fails keeps what the
 * last one has seen; it is written down too, and not thrown.
 * @throws the error of a run that is over, CertkeepError LedgerConflict
 */
export async function lookForTags(ports: DiscoveryPorts, place: string): Promise<void> {
  const { clock, config, finds, log, tagsIn } = ports;
  if (!config.discovery?.places.includes(place)) return;
  try {
    const read = await tagsIn(parsePlaceKey(place)).tagged(mostResources);
    const resources = read.resources.filter(({ arn }) => isOfKnownKind(arn) && isAt(arn, place));
    const lookedAt = clock.now().toISOString();
    await finds.update((all) => ({
      ...all,
      [place]: { lookedAt, isWhole: read.isWhole, failure: null, resources: inOrder(resources) },
    }));
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const failure = { error: errorName(error), message: errorMessage(error) };
    const { error: outcome, message: reason } = failure;
    log[levelOf(error)]('tags not looked at', { stage: 'verify', outcome, reason, place });
    const at = clock.now().toISOString();
    await finds.update((all) => ({ ...all, [place]: withFailure(all[place], failure, at) }));
  }
}

function withFailure(
  known: FoundAt = nothingFound,
  failure: { readonly error: string; readonly message: string },
  at: string,
): FoundAt {
  return { ...known, failure: { ...failure, since: known.failure?.since ?? at, at } };
}

function inOrder(resources: readonly Tagged[]): Tagged[] {
  return resources.toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
}
