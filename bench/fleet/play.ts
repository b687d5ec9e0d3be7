import { type CertificateAuthority, createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { usualConsistency } from 'local-cloud/cloud.ts';
import type { OutsideCall } from 'local-cloud/faults.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { seedCertificate } from '#local/demo/history.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { whenIdle } from '#test/faults/idle.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { latencies } from './latencies.ts';
import { fleetText } from './text.ts';

export type Row = {
  /** Certificates in each place. */
  readonly n: number;
  readonly regions: readonly string[];
  /** The runs of each of the three functions at once; null for the defaults, in a new account. */
  readonly executions: number | null;
  /**
   * They are due because of their age, because they exist nowhere yet, or because their CA, which issued all of them a day
   * ago, asks for all to be replaced at once.
   */
  readonly due: 'old' | 'first' | 'recalled';
};

export type Played = {
  /** Seconds from the check that found them due until each certificate was issued, in ACM everywhere, and proven everywhere. */
  readonly issued: readonly number[];
  readonly imported: readonly number[];
  readonly proven: readonly number[];
  readonly failed: number;
  /** Messages and starts of each stage, for each certificate. */
  readonly messages: Readonly<Record<string, number>>;
  readonly starts: Readonly<Record<string, number>>;
  /** Requests to each service, for each certificate. */
  readonly calls: Readonly<Record<string, number>>;
  /** The messages that people got meanwhile. */
  readonly told: number;
};

const reads = /^(Get|Describe|List|Head)/;
const acmeReads = ['directory', 'newNonce', 'authz', 'order', 'certificate', 'renewalInfo'];

function isRead({ service, operation }: OutsideCall): boolean {
  return service === 'acme' ? acmeReads.includes(operation) : reads.test(operation);
}

/** Every answer to a function comes as late as it would from AWS, on the virtual clock. */
function slowDown({ cloud, clock }: Pick<World, 'cloud' | 'clock'>): void {
  for (const [service, { read, change }] of Object.entries(latencies.answersMs)) {
    for (const [isReading, ms] of [
      [true, read],
      [false, change],
    ] as const) {
      cloud.faults.add({
        when: (call) =>
          call.service === service &&
          isRead(call) === isReading &&
          (call.caller !== null || service === 'acme'),
        fault: { do: 'delay', ms, clock },
        times: Number.POSITIVE_INFINITY,
      });
    }
  }
}

let authority: CertificateAuthority | undefined;

/** Plays one row from the check that finds all of them due until the last one is proven, with the schedules running. */
export async function play(row: Row, onProgress: (line: string) => void): Promise<Played> {
  const clock = virtualClock(undefined, whenIdle);
  const world = await startWorld(fleetText(row.n, row), {
    clock,
    endsInTime: true,
    mayDeny: true,
    concurrentExecutions: row.executions === null ? 10 : 1_000,
    consistency: {
      ...usualConsistency,
      route53InsyncMs: latencies.route53InsyncMs,
      balancerSpreadMs: latencies.balancerSpreadMs,
      acmListLagMs: latencies.acmListLagMs,
    },
    acmLimits: {
      importsPerSecond: latencies.importsPerSecond,
      importedCertificates: 100_000,
      importsPerYear: 100_000,
    },
    ca: { validationMs: latencies.validationMs, finalizeMs: latencies.finalizeMs },
    async prepare({ cloud, landscape, names }) {
      if (row.due !== 'old') return;
      authority ??= await createCertificateAuthority({ name: 'The Past', now: clock.now() });
      const { config } = landscape;
      for (const [at, { id }] of config.certificates.entries()) {
        const past = { id, issuedDaysAgo: 61, endsInDays: 29 };
        await seedCertificate({ cloud, clock, config, names, authority }, past);
        if (at % 100 === 99) onProgress(`${at + 1} of ${row.n} certificates of the past`);
      }
    },
  });
  try {
    slowDown(world);
    const played = await timed(world, row, onProgress);
    if (row.due !== 'recalled') return played;
    // On its first day, a certificate is not replaced for what its CA says.
    world.clock.advance(dayMs);
    // Meanwhile the CA is asked about each of them.
    await world.live(longestAskedAgoMs);
    recallAll(world);
    return await timed(world, row, onProgress);
  } finally {
    await world.close();
  }
}

/** The CA says when it is to be asked again: every six hours, unless it says otherwise. */
const longestAskedAgoMs = 7 * hourMs;

function recallAll({ clock, cloud, landscape, record }: World): void {
  const at = (ms: number) => addMs(clock.now(), ms).toISOString();
  const body = { suggestedWindow: { start: at(-2 * hourMs), end: at(-hourMs) } };
  for (const { id } of landscape.config.certificates) {
    cloud.ca.tellRenewalInfo(desiredVersion(record(id))?.serial ?? '', { body });
  }
}

async function timed(world: World, row: Row, onProgress: (line: string) => void): Promise<Played> {
  const { clock, cloud, dispatcher } = world;
  const callsBefore = cloud.faults.calls.length;
  const begunAt = clock.now().getTime();
  const seconds = () => (clock.now().getTime() - begunAt) / secondMs;
  const ends = { issued: new Map<string, number>(), imported: new Map<string, number[]>() };
  const proven = new Map<string, number>();
  /** The serials of the certificates that are new. */
  const serials = new Map<string, unknown>();
  let readTo = world.logs.length;
  const toldBefore = world.inbox().length;

  function readLogs(): void {
    for (; readTo < world.logs.length; readTo += 1) {
      const line = world.logs[readTo] as World['logs'][number];
      const id = line.certificate ?? '';
      if (line.message === 'certificate issued') {
        ends.issued.set(id, seconds());
        serials.set(id, line.serial);
      }
      if (line.message === 'certificate held' && line.serial === serials.get(id)) {
        ends.imported.set(id, [...(ends.imported.get(id) ?? []), seconds()]);
      }
      if (
        line.message === 'endpoint asked' &&
        line.outcome === 'proven' &&
        line.serial === serials.get(id)
      ) {
        proven.set(`${id} ${line.target}`, seconds());
      }
    }
  }

  dispatcher.invokeLater('check', {});
  const wanted = row.n * row.regions.length;
  let nextCheckAt = 10 * minuteMs;
  while (proven.size < wanted && seconds() < 12 * 3_600) {
    await clock.sleep(secondMs);
    readLogs();
    if (seconds() * secondMs >= nextCheckAt) {
      nextCheckAt += 10 * minuteMs;
      dispatcher.invokeLater('check', {});
      dispatcher.invokeLater('verify', { sweep: true });
    }
    if (Math.round(seconds()) % 60 === 0 && ends.issued.size > 0) {
      onProgress(
        `${Math.round(seconds())} s: ${ends.imported.size} in ACM, ${proven.size} of ${wanted} proven`,
      );
    }
  }
  const calls = cloud.faults.calls.slice(callsBefore).filter(({ caller }) => caller !== null);
  const failed = world.logs.filter(
    ({ message }) =>
      message === 'deploy failed' || message === 'attempt failed' || message === 'run failed',
  );
  return {
    issued: [...ends.issued.values()],
    imported: [...ends.imported.values()].map((all) => Math.max(...all)),
    proven: [...proven.values()],
    failed: failed.length,
    messages: perCertificate(
      calls.filter(({ operation }) => operation === 'SendMessage'),
      row,
      ({ input }) => /-(issue|deploy|verify)/.exec(JSON.stringify(input))?.[1] ?? 'other',
    ),
    starts: perCertificate(
      [...new Map(calls.map((call) => [call.run, call])).values()],
      row,
      ({ caller }) => caller ?? '',
    ),
    calls: perCertificate(calls, row, ({ service }) => service),
    told: world.inbox().length - toldBefore,
  };
}

function perCertificate(
  calls: readonly OutsideCall[],
  { n }: Row,
  nameOf: (call: OutsideCall) => string,
): Readonly<Record<string, number>> {
  const groups = Map.groupBy(calls, nameOf);
  const counts = [...groups].map(([name, all]) => [name, Number((all.length / n).toFixed(2))]);
  return Object.fromEntries(counts.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)));
}
