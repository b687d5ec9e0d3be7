import { createHash } from 'node:crypto';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { certifiedRecord, isComparedAt } from '#shared/acquire/store/as-certified.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import { check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import { s3Observations } from '#shared/check/observations/observations.ts';
import { watchersOf } from '#shared/check/observations/watchers.ts';
import type { Config } from '#shared/config/config.ts';
import { deployedText, loadConfig } from '#shared/config/deployed.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { s3Told } from '#shared/finish/alert/told.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { emptyParts } from '#shared/ledger/parts/part.ts';
import { partKey, partPrefix } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { usualExecutions } from '#shared/limits.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { addMs, dayMs, systemClock } from '#shared/time/clock.ts';

/**
 * Measures certkeep's own part of a run of check: loading the deployed configuration, then reading and deciding every
 * record and writing their state, in memory instead of S3; and the part of a deployment before it, parsing the YAML. Prints
 * medians of five runs, with the fleets side by side; other sizes are arguments.
 */
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1_000, 10_000];
const runs = 5;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const queues = {
  async send() {
    throw new Error('nothing is due in a healthy fleet');
  },
};
const functions = { start: queues.send, startSync: queues.send };
const bus = { async publish() {} };
const capacity = capacityOf(usualExecutions);

console.log('certificates  parse ms   load ms  check ms  heap MiB  ms per 1,000');
for (const size of sizes) {
  const text = configText(size);
  const parses: number[] = [];
  const loads: number[] = [];
  const checks: number[] = [];
  let heapMiB = 0;
  for (let run = 0; run < runs; run += 1) {
    const [written, parseMs] = timed(() => parsed(text));
    const deployed = deployedObject(written);
    const loadingSince = performance.now();
    const config = await loadConfig(deployed.objects, deployed.source);
    loads.push(performance.now() - loadingSince);
    const objects = await memoryObjects(config);
    const ledger = s3Ledger({ objects, clock: systemClock, writer: 'check' });
    const startedAt = performance.now();
    const budgetBook = s3BudgetBook(objects, systemClock);
    const sentBook = s3SentBook(objects);
    const proofs = { read: async () => ({}) };
    const rounds = { read: async () => ({}) };
    const lookOf = (region: string) => s3RegionLook(objects, region);
    const certified = (record: CertificateRecord) =>
      isComparedAt(record.id, systemClock.now())
        ? certifiedRecord({ objects, log: silent }, record)
        : record;
    const verifyBook = s3VerifyBook(objects);
    const sending = {
      certified,
      sentBook,
      verifyBook,
      lookOf,
      proofs,
      rounds,
      queues,
      functions,
      capacity,
    };
    const watching = {
      observations: s3Observations(objects),
      keys: { stateOf: async () => 'there' as const },
      watchers: watchersOf(config),
      watcherLook: {
        audienceOf: async () => ({ confirmed: 1, pending: 0, isClosed: false, unconfirmed: [] }),
        statesOf: async (_: string, names: readonly string[]) => names.map(() => 'on' as const),
      },
      told: s3Told(objects),
      signs: [],
      measureAlert: async () => undefined,
    };
    const ports = {
      config,
      objects,
      ...watching,
      ledger,
      budgetBook,
      recallBook: s3Recalls(objects),
      ...sending,
      bus,
      clock: systemClock,
      log: silent,
    };
    await check(ports, {}, { id: 'bench' });
    checks.push(performance.now() - startedAt);
    parses.push(parseMs);
    heapMiB = Math.max(heapMiB, process.memoryUsage().heapUsed / 2 ** 20);
  }
  const perThousand = (median(checks) / size) * 1_000;
  const cells = [size, median(parses), median(loads), median(checks), heapMiB, perThousand];
  console.log(cells.map((cell) => cell.toFixed(0).padStart(8)).join('  '));
}

function configText(size: number): string {
  const certificates = Array.from(
    { length: size },
    (_, index) =>
      `  c${index}: {names: [n${index}.example.com, "*.n${index}.example.com"], issuer: ca}`,
  );
  return `home: {account: "123456789012", region: us-east-1}
issuers:
  ca: {type: acme, directory: "https://ca.example/directory", termsOfServiceAgreed: true}
solvers: [{type: route53}]
certificates:
${certificates.join('\n')}
`;
}

function parsed(text: string): Config {
  const result = parseConfig(text);
  if (!result.ok) throw new Error('the benchmark wrote an invalid configuration');
  return result.config;
}

function deployedObject(config: Config) {
  const body = Buffer.from(deployedText(config));
  const sha256 = createHash('sha256').update(body).digest('hex');
  return {
    objects: { get: async () => ({ body, etag: '"1"' }) },
    source: { key: 'deployed.json', sha256 },
  };
}

/** Uses one certificate for all, since each takes the same work. */
async function memoryObjects(config: Config) {
  const now = systemClock.now();
  const { certificatePem } = await makeCertificate({ now: addMs(now, -10 * dayMs) });
  const certificate = Buffer.from(certificatePem);
  const bodies = new Map(
    config.certificates.map(({ id, names, key, issuers }) => {
      const version = describeVersion(certificatePem, {
        id: 'v1',
        names: [...names],
        keyAlgorithm: key,
        issuer: issuers[0] ?? '',
        orderUrl: null,
        issuedAt: addMs(now, -10 * dayMs).toISOString(),
      });
      const history = Array.from({ length: 50 }, () => ({
        at: version.issuedAt,
        stage: 'issue',
        what: 'attempt begun',
        why: 'expires in 30 days',
      }));
      const { issue } = emptyParts(id);
      const part = { ...issue, desired: 'v1', versions: [version], history };
      return [partKey('issue', id), Buffer.from(JSON.stringify(part))] as const;
    }),
  );
  const listedKeys = [...bodies.keys()].map((key) => ({ key, etag: '"1"' }));
  return {
    get: async (key: string) => {
      const body = key.endsWith('/certificate.pem') ? certificate : bodies.get(key);
      return body ? { body, etag: '"1"' } : null;
    },
    putIf: async (key: string, body: string | Uint8Array) => {
      bodies.set(key, Buffer.from(body));
      return { outcome: 'written', etag: '"1"' } as const;
    },
    folders: async () => config.certificates.map(({ id }) => id),
    page: async (prefix: string) => ({
      objects: prefix === partPrefix('issue') ? listedKeys : [],
      isLast: true,
    }),
  };
}

function timed<T>(work: () => T): [T, number] {
  const startedAt = performance.now();
  const value = work();
  return [value, performance.now() - startedAt];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
