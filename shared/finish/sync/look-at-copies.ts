import { errorMessage, errorName } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { CertificateRecord, Replica } from '#shared/ledger/record/record.ts';
import { recordPrefix } from '#shared/ledger/record/record-object.ts';
import { knownReplica, withCopiesGone } from '#shared/ledger/replica.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { ObjectPage, ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { hasCopiesOfBefore, isLookDue, type RegionLook } from '../regions/region-look.ts';
import { workedOff } from '../worked-off.ts';
import { copyKeys } from './copy-keys.ts';

export type CopiesPorts = {
  readonly ledger: Pick<Ledger, 'update'>;
  readonly replicaOf: (region: string) => Pick<ObjectStore, 'page'>;
  readonly lookOf: (region: string) => SharedObject<RegionLook>;
  readonly clock: Clock;
  readonly log: Log;
};

/** S3 answers in tens of milliseconds. */
const atOnce = 16;

/**
 * Once a day, lists the real content of a region's bucket and compares it with the records: a copy that is gone, or is not
 * the object that was read back (its ETag; under SSE-KMS that is no digest, but it identifies one write), marks its
 * certificate as behind there, and the certificate is copied again. It lists a thousand keys per request, and opens none.
 * Nothing begins from `until` on; the next run continues from there, and a run that dies is repeated. A failure to list is
 * kept with its reason, for check to report.
 * @throws what keeps the ledger from being read or written
 */
export async function lookAtCopies(
  ports: CopiesPorts,
  region: string,
  records: readonly CertificateRecord[],
  until: Date,
): Promise<void> {
  const { clock, log } = ports;
  if (clock.now() >= until || !hasCopiesOfBefore(records, region, clock.now())) return;
  const stored = ports.lookOf(region);
  const begun = await stored.read();
  if (!isLookDue(begun, clock.now())) return;
  const seen = await listed(ports, region, records, { after: begun.after, until });
  const at = clock.now().toISOString();
  if ('reason' in seen) {
    const { reason } = seen;
    const since = begun.failure?.since ?? at;
    await stored.update((look) => ({ ...look, at, failure: { since, reason } }));
    return;
  }
  const { isWhole, after, gone } = seen;
  const doneAt = isWhole ? at : begun.doneAt;
  await stored.update((look) => ({ ...look, at, doneAt, after, failure: null }));
  const outcome = isWhole ? 'done' : 'goes on';
  log.info('copies compared', { stage: 'sync', region, outcome, gone });
}

/** One object that a region holds, according to the record. */
type Copy = { readonly id: string; readonly replica: Replica; readonly etag: string | undefined };

type Listed =
  | { readonly isWhole: boolean; readonly after: string | null; readonly gone: number }
  /** The bucket cannot be listed. */
  | { readonly reason: string };

/** Lists page by page, as far as time allows. */
async function listed(
  ports: CopiesPorts,
  region: string,
  records: readonly CertificateRecord[],
  from: { readonly after: string | null; readonly until: Date },
): Promise<Listed> {
  const copies = copiesOf(records, region);
  let { after } = from;
  let gone = 0;
  while (ports.clock.now() < from.until) {
    const page = await pageOf(ports, region, after);
    if ('reason' in page) return page;
    const last = page.isLast ? null : (page.objects.at(-1)?.key ?? null);
    const lost = lostIn(copies, page, { after, last });
    if (!(await mark(ports, region, lost, from.until))) break;
    gone += lost.size;
    if (last === null) return { isWhole: true, after: null, gone };
    after = last;
  }
  return { isWhole: false, after, gone };
}

function copiesOf(records: readonly CertificateRecord[], region: string) {
  const copies = records.flatMap((record) => {
    const replica = knownReplica(record, region);
    if (!replica?.secretInSync) return [];
    return copyKeys(record.id, replica.versionId).map((key, index): [string, Copy] => [
      key,
      { id: record.id, replica, etag: replica.etags?.[index] },
    ]);
  });
  return new Map(copies);
}

async function pageOf(
  { replicaOf, log }: CopiesPorts,
  region: string,
  after: string | null,
): Promise<ObjectPage | { readonly reason: string }> {
  try {
    return await replicaOf(region).page(recordPrefix, after);
  } catch (error) {
    const outcome = errorName(error);
    log.warn('copies not listed', { stage: 'sync', region, outcome, reason: errorMessage(error) });
    return { reason: `the copies cannot be listed: ${outcome}` };
  }
}

const isMissing = 'a copy is missing there';
const isAnother = 'a copy there is not what was written';

/** Returns for each certificate on the page the observed replica and its defect. */
function lostIn(
  copies: ReadonlyMap<string, Copy>,
  { objects }: ObjectPage,
  range: { readonly after: string | null; readonly last: string | null },
) {
  const found = new Map(objects.map(({ key, etag }) => [key, etag]));
  const lost = new Map<string, Copy & { readonly reason: string }>();
  for (const [key, copy] of copies) {
    if (key <= (range.after ?? '') || (range.last !== null && key > range.last)) continue;
    const etag = found.get(key);
    if (etag === undefined) lost.set(copy.id, { ...copy, reason: isMissing });
    else if (copy.etag !== undefined && copy.etag !== etag && !lost.has(copy.id))
      lost.set(copy.id, { ...copy, reason: isAnother });
  }
  return lost;
}

/** Returns whether all of them are behind now, according to the record. */
async function mark(
  { ledger, clock }: CopiesPorts,
  region: string,
  lost: ReturnType<typeof lostIn>,
  until: Date,
): Promise<boolean> {
  const left = await workedOff([...lost.values()], { atOnce, until, clock }, async (copy) => {
    const { id, reason, replica } = copy;
    await ledger.update(id, (now) => withCopiesGone(now, replica, { region, reason }, clock));
  });
  return left.length === 0;
}
