import { createHash } from 'node:crypto';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { configurationOf } from '#shared/acquire/configuration.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { issue } from '#shared/acquire/issue.ts';
import { certifiedRecord, isComparedAt } from '#shared/acquire/store/as-certified.ts';
import { check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { errorMessage } from '#shared/errors.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { partsOf } from '#shared/ledger/parts/whole.ts';
import { partKey, type Writer, writers } from '#shared/ledger/parts/writers.ts';
import {
  type CertificateRecord,
  emptyRecord,
  type LedgerEvent,
} from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { Work } from '#shared/queues/work.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { publicKeyOf } from '#shared/x509/csr.ts';
import { readCsr } from '#shared/x509/read-csr.ts';
import { fakeDns } from './fake-dns.ts';
import { fakeKeyStore } from './fake-key-store.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { fakeSolver } from './fake-solver.ts';
import { configWith, issuers, silent, wanted } from './healthy.ts';
import { memoryIssuer } from './memory-issuer.ts';
import { recordOfEveryField } from './record-of-every-field.ts';
import { watching } from './watching.ts';

const names = ['example.com'];
const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

const foreignId = 'an-attempt-of-somebody-else';

export type ForeignValue = { readonly value: string; readonly keyAuthorization: string };

/** Of other people, where certkeep may write. */
export const theirs = [
  { name: '_acme-challenge.example.com', value: digestOf('others') },
  { name: '_acme-challenge.mail.example.com', value: digestOf('others') },
  { name: 'example.com', value: 'v=spf1 -all' },
];

/** Check, issue and a CA around one record, in memory. */
export function mutatedStage() {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const errors: string[] = [];
  const told: LedgerEvent[] = [];
  const published = new Set<string>();
  const ours = new Set<string>();
  const finalized: { readonly publicKey: string; readonly names: readonly string[] }[] = [];
  const log = { info() {}, warn() {}, error: (message: string) => void errors.push(message) };
  const ledgerOf = (writer: Writer) => s3Ledger({ objects, clock, log, writer });
  const ledger = wholeLedger({ objects, clock });
  const dns = fakeSolver('example.com');
  const solver: Solver = {
    ...dns,
    publish(zoneId, values, owner, steps) {
      for (const { value } of values) published.add(value);
      return dns.publish(zoneId, values, owner, steps);
    },
  };
  const { issuer: ca } = memoryIssuer({
    clock,
    takesMs: 0,
    challenge: 'dns-01',
    visible: (name) => {
      const at = `_acme-challenge.${name}=`;
      return dns.values().flatMap((each) => (each.startsWith(at) ? [each.slice(at.length)] : []));
    },
  });
  const issuer: Issuer = {
    ...ca,
    // As acme.ts has it: only on the host of the directory.
    order: async (url) =>
      url.startsWith('https://ca.example/') ? ca.order(url).catch(() => null) : null,
    finalize(finalizeUrl, orderUrl, csr) {
      const { names: asked, publicKey } = readCsr(csr);
      finalized.push({ publicKey: publicKey.toString('hex'), names: asked });
      return ca.finalize(finalizeUrl, orderUrl, csr);
    },
  };
  const store = fakeKeyStore();
  const keyStore: KeyStore = {
    ...store,
    async storeKey(certificate, attempt, keyPem) {
      const stored = await store.storeKey(certificate, attempt, keyPem);
      ours.add(publicKeyOf(stored).toString('hex'));
      return stored;
    },
  };
  const config = configWith({
    certificates: [wanted({ names })],
    alerts: { ...silent, expiringDays: [14, 7, 3, 1] },
  });
  const chosen = { key: 'fake', solver, challenge: 'dns-01', cnameStrategy: 'none' } as const;
  const sent = new Set<string>();
  const keep = async (work: Work) => {
    if (work.kind === 'issue') sent.add(work.certificate);
  };
  const ports = {
    config,
    ledger: ledgerOf('issue'),
    objects,
    keyStore,
    budgetBook: s3BudgetBook(objects, clock),
    recallBook: s3Recalls(objects),
    issuerOf: () => issuer,
    rehearsalAt: () => issuer,
    issuerBook: s3IssuerBook(objects, () => issuers.local?.directory ?? ''),
    solvers: { forName: () => chosen, byKey: () => solver },
    dns: fakeDns({ 'example.com': { NS: ['ns.test'] } }),
    revocations: () => Promise.reject(new Error('no revocation list was named')),
    random: () => 0.5,
    queues: { send: keep },
    functions: { start: keep, startSync: async () => undefined },
    sentBook: s3SentBook(objects),
    verifyBook: s3VerifyBook(objects),
    lookOf: (region: string) => s3RegionLook(objects, region),
    proofs: { read: async () => ({}) },
    rounds: { read: async () => ({}) },
    ...watching(objects),
    certified: (record: CertificateRecord) =>
      isComparedAt(record.id, clock.now()) ? certifiedRecord({ objects, log }, record) : record,
    capacity: capacityOf({ issue: 100, deploy: 100, verify: 100 }),
    bus: { publish: async (events: readonly LedgerEvent[]) => void told.push(...events) },
    clock,
    log,
    pollMs: secondMs,
    retryDelaysMs: [minuteMs, 10 * minuteMs, 100 * minuteMs, dayMs],
  };
  let runs = 0;

  async function look(): Promise<void> {
    runs += 1;
    await check({ ...ports, ledger: ledgerOf('check') }, {}, { id: `check-${runs}` }).catch(
      (error) => errors.push(errorMessage(error)),
    );
    for (const id of sent) {
      sent.delete(id);
      const deadline = addMs(clock.now(), 150 * secondMs);
      await issue(ports, id, { id: `run-${runs}`, deadline }).catch((error) =>
        errors.push(errorMessage(error)),
      );
    }
  }

  return {
    errors,
    told,
    published,
    ours,
    finalized,
    values: dns.values,
    look,
    async begin() {
      await dns.publish('', theirs);
      await look();
    },
    record: async () => (await ledger.read('shop')) ?? emptyRecord('shop', clock.now()),
    /**
     * The record with an attempt of somebody else beside what is true, and with something in every field: two of its values
     * are attacks already, and any other one may become one.
     */
    async everything(value: ForeignValue): Promise<CertificateRecord> {
      const real = (await ledger.read('shop')) ?? emptyRecord('shop', clock.now());
      const all = recordOfEveryField();
      const at = clock.now().toISOString();
      const soon = addMs(clock.now(), 5 * minuteMs).toISOString();
      const [certificate] = config.certificates as [CertificateConfig];
      const configuration = configurationOf(config, certificate);
      const begun = {
        names,
        configuration,
        orderUrl: null,
        csr: null,
        keyStored: false,
        settled: [],
        tried: [],
      };
      const attempt = { ...all.attempt, ...begun, id: foreignId } as CertificateRecord['attempt'];
      const planned = {
        ...value,
        attemptId: foreignId,
        solver: 'fake',
        zoneId: 'zone-example.com',
        name: '_acme-challenge.example.com',
        authorization: 'https://ca.example/order/2/authz/0',
        out: { at, handle: null, seen: 'missing' as const },
      };
      const { desired, versions, history, outbox } = real;
      const leases = { acquire: { fence: 'f', holder: 'nobody', until: soon } };
      return { ...all, desired, versions, history, outbox, attempt, leases, txt: [planned] };
    },
    /** As somebody who may write to the bucket: in the objects of all writers. */
    async write(record: CertificateRecord): Promise<void> {
      const parts = partsOf(record);
      for (const writer of writers) {
        await objects.put(partKey(writer, 'shop'), JSON.stringify(parts[writer]), '');
      }
    },
    /** Looks now and then for a hundred days, most often where a life of 90 days is renewed and ends. */
    async live() {
      const start = clock.now();
      for (const after of [...looks, comparisonFrom(start, 59)].sort((a, b) => a - b)) {
        clock.advance(Math.max(0, addMs(start, after).getTime() - clock.now().getTime()));
        await look();
      }
    },
    /** Whether what the key store gives out now is valid. */
    async isServed() {
      const { certificatePem } = (await store.current('shop')) ?? {};
      return (
        Boolean(certificatePem) && readCertificate(certificatePem ?? '').notAfter > clock.now()
      );
    },
  };
}

/** The turn of the certificate after so many days. */
function comparisonFrom(start: Date, after: number): number {
  let ms = after * dayMs;
  while (!isComparedAt('shop', addMs(start, ms))) ms += 10 * minuteMs;
  return ms;
}

const days = (...all: readonly number[]) => all.map((day) => day * dayMs);
const looks = [
  0,
  10 * minuteMs,
  hourMs,
  6 * hourMs,
  ...days(
    1,
    2,
    4,
    8,
    16,
    30,
    45,
    58,
    60,
    60.1,
    61,
    62,
    65,
    70,
    76,
    80,
    83,
    86,
    88,
    89,
    90,
    91,
    95,
    100,
  ),
];
