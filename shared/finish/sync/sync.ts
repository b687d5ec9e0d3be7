import type { Config } from '#shared/config/config.ts';
import { inBatches, throwAny } from '#shared/each.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { knownReplica, replicaIsBehind } from '#shared/ledger/replica.ts';
import type { Log } from '#shared/log.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { WorkQueues } from '#shared/queues/work.ts';
import type { Clock } from '#shared/time/clock.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';
import { workedOff } from '../worked-off.ts';
import { type CopiesPorts, lookAtCopies } from './look-at-copies.ts';
import { type Looked, type LookPorts, lookAtReplica } from './look-at-replica.ts';

export type SyncPorts = LookPorts & {
  readonly config: Pick<Config, 'certificates' | 'replicas'>;
  readonly ledger: Pick<Ledger, 'read' | 'update'>;
  readonly replicaOf: (region: string) => Pick<ObjectStore, 'get' | 'put' | 'page'>;
  readonly lookOf: CopiesPorts['lookOf'];
  readonly queues: WorkQueues;
  readonly clock: Clock;
  readonly log: Log;
};

/** Certificates that were issued, or a region that check found behind, or that is due for a look at its content. */
export type SyncRequest = readonly LedgerEvent[] | { readonly region: string };

export type SyncOutcome = {
  readonly looked: number;
  readonly behind: number;
  /** The number of certificates whose secrets issue was asked to copy. */
  readonly asked: number;
  /** The number left for another run. */
  readonly left: number;
};

type Pair = { readonly id: string; readonly region: string };

/** S3 and Secrets Manager answer in tens of milliseconds. */
const atOnce = 16;
/** Work that begins by then ends in time. */
const beginsWithinMs = 60 * secondMs;

/**
 * How many certificates a run asks issue for, since each is a message in the queue of renewals: few while the region has
 * accepted nothing since it is behind, many once it does.
 */
export const asksOfRun = { onTrial: 20, whileItWorks: 200 } as const;

/**
 * Looks once at each requested certificate and region, copies the public parts, and writes into the record whether
 * everything is there. It never waits, never decrypts, never undoes a renewal: the ledger says what is behind, and check
 * asks for the region again. For a requested region it passes secrets that will not come by themselves to issue, some at a
 * time; and in the time that is left, once a day, it compares the region's content with the records.
 * @throws what keeps the ledger or the queue from being used, after everything was tried
 */
export async function sync(ports: SyncPorts, request: SyncRequest): Promise<SyncOutcome> {
  const { clock, config, log } = ports;
  const until = addMs(clock.now(), beginsWithinMs);
  const failures: unknown[] = [];
  const { pairs, asks, records } =
    'region' in request
      ? await ofRegion(ports, request.region, failures)
      : { pairs: ofEvents(request, config.replicas), asks: 0, records: [] };
  const looked: Looked[] = [];
  let asked = 0;
  const left = await workedOff(pairs, { atOnce, until, clock }, async ({ id, region }) => {
    try {
      const seen = await lookAtReplica(ports, id, region);
      if (!seen) return;
      looked.push(seen);
      if (!seen.isLost || asked >= asks) return;
      asked += 1;
      await ports.queues.send({ kind: 'issue', certificate: id }, `${seen.versionId} in ${region}`);
    } catch (error) {
      failures.push(error);
    }
  });
  const behind = looked.filter(({ inSync }) => !inSync).length;
  const outcome = { looked: looked.length, behind, asked, left: left.length };
  const regions = 'region' in request ? request.region : config.replicas.join(', ');
  log.info('replicas looked at', { stage: 'sync', region: regions, ...outcome });
  if ('region' in request) {
    await lookAtCopies(ports, request.region, records, until).catch((error) =>
      failures.push(error),
    );
  }
  throwAny(failures);
  return outcome;
}

/** Events name each certificate once for each version. */
function ofEvents(events: readonly LedgerEvent[], regions: readonly string[]): readonly Pair[] {
  const ids = new Set(events.flatMap(({ certificate }) => certificate ?? []));
  return [...ids].flatMap((id) => regions.map((region) => ({ id, region })));
}

/** One unreadable record does not affect the others. */
async function ofRegion(ports: SyncPorts, region: string, failures: unknown[]) {
  const { certificates, replicas } = ports.config;
  const ids = replicas.includes(region) ? certificates.map(({ id }) => id) : [];
  const read = await inBatches(ids, atOnce, (id) =>
    ports.ledger.read(id).catch((error) => {
      failures.push(error);
      return null;
    }),
  );
  const records = read.filter((record) => record !== null);
  const behind = records.filter((record) => replicaIsBehind(record, region));
  const pairs = inTurn(behind, region, ports.clock.now()).map(({ id }) => ({ id, region }));
  const asks = works(records, behind, region) ? asksOfRun.whileItWorks : asksOfRun.onTrial;
  return { pairs, asks, records };
}

/** Says whether anything has come into sync there since the first of those behind was found behind. */
function works(
  records: readonly CertificateRecord[],
  behind: readonly CertificateRecord[],
  region: string,
): boolean {
  const sinces = behind.flatMap((record) => knownReplica(record, region)?.syncedAt ?? []);
  const [first] = sinces.sort();
  return records.some((record) => {
    const known = knownReplica(record, region);
    return first !== undefined && known?.secretInSync === true && known.syncedAt > first;
  });
}

/**
 * Sorts certificates that nobody has looked at first, then the rest, from another place at each time: a run may not reach
 * all of them.
 */
function inTurn(
  behind: readonly CertificateRecord[],
  region: string,
  now: Date,
): readonly CertificateRecord[] {
  const unseen = behind.filter((record) => !knownReplica(record, region));
  const seen = behind.filter((record) => !unseen.includes(record));
  const start = seen.length > 0 ? Math.floor(now.getTime() / rotationMs) % seen.length : 0;
  return [...unseen, ...seen.slice(start), ...seen.slice(0, start)];
}

/** The ten minutes between two checks advance it by six hundred. */
const rotationMs = secondMs;
