import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { type DeployOutcome, deploy } from '#shared/deploy/deploy.ts';
import type { HeldCertificate } from '#shared/deploy/import/acm.ts';
import type { ProbeAnswer } from '#shared/deploy/probe/probe.ts';
import type { VerifyOutcome } from '#shared/deploy/verify/verify.ts';
import { familyOf } from '#shared/key-algorithm.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import {
  type CertificateRecord,
  emptyRecord,
  type LedgerEvent,
  type Version,
} from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { usualExecutions } from '#shared/limits.ts';
import type { LogFields } from '#shared/log.ts';
import { placeKey } from '#shared/place.ts';
import type { Work } from '#shared/queues/work.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { Position } from '#shared/targets/target.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fakeArnPublisher } from './fake-arn-publisher.ts';
import { fakeCertificateManager } from './fake-certificate-manager.ts';
import { fakeKeyStore, paperMaterial } from './fake-key-store.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { fakeTarget } from './fake-target.ts';
import { silent } from './healthy.ts';
import { paperFingerprint } from './paper-fingerprint.ts';
import { verifyRun } from './verify-run.ts';

const home = { account: '000000000000', region: 'us-east-1' };
export const installation = 'certkeep';
export const place = placeKey(home);
export const foreignArn = 'arn:aws:acm:us-east-1:000000000000:certificate/foreign';
const listener =
  'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/shop/0123456789abcdef/0123456789abcdef';

export type Stage = ReturnType<typeof deployStage>;

/**
 * Deploy and verify of one certificate on stateful fakes: one listener whose default is a foreign
 * certificate for shop.example.com that ends in 20 days, unless a test wants more or something else.
 */
export function deployStage(
  options: {
    readonly adopt?: 'new-arn' | 'in-place';
    readonly kinds?: readonly Position[];
    readonly foreign?: Partial<HeldCertificate>;
    readonly retryDelaysMs?: readonly number[];
    readonly clock?: VirtualClock;
  } = {},
) {
  const clock = options.clock ?? virtualClock();
  const now = clock.now();
  const kinds = options.kinds ?? ['default'];
  const configs = kinds.map((certificate, index) => ({
    type: 'alb' as const,
    listener: `${listener.slice(0, -1)}${index}`,
    certificate,
  }));
  const certificate: CertificateConfig = {
    id: 'shop',
    names: ['shop.example.com'],
    domains: ['example.com'],
    issuers: ['local'],
    rotation: 'always',
    key: 'ecdsa-p256',
    adopt: options.adopt ?? 'new-arn',
    targets: configs,
  };
  const config: Omit<Config, 'certificates' | 'retired'> & {
    certificates: CertificateConfig[];
    retired: Config['retired'];
  } = {
    installation: 'certkeep',
    home,
    replicas: [],
    concurrency: usualExecutions,
    alerts: silent,
    issuers: {},
    solvers: [],
    certificates: [certificate],
    retired: { solvers: [], places: [] },
  };
  const objects = fakeObjectStore();
  const ledger = wholeLedger({ objects, clock });
  const ledgerOf = (writer: Writer) => s3Ledger({ objects, clock, writer });
  const keyStore = fakeKeyStore();
  const versions = new Map<string, Version>();
  const acm = fakeCertificateManager((pem) => {
    const version = versions.get(pem.replace('certificate of ', '')) as Version;
    return {
      ...version,
      keyFamily: familyOf(version.keyAlgorithm),
      keyBits: Number(version.keyAlgorithm.replace(/\D+/, '')),
      hashBits: 256,
      hasKeyUsage: true,
      hasExtendedKeyUsage: true,
      notBefore: new Date(version.notBefore),
      notAfter: new Date(version.notAfter),
    };
  });
  acm.hold({
    arn: foreignArn,
    serial: 'F0',
    fingerprintSha256: paperFingerprint('F0'),
    names: ['shop.example.com'],
    keyAlgorithm: 'ecdsa-p256',
    keyFamily: 'ecdsa',
    keyBits: 256,
    hashBits: 256,
    notBefore: addMs(now, -10 * dayMs),
    notAfter: addMs(now, 20 * dayMs),
    imported: true,
    hasKeyUsage: true,
    hasExtendedKeyUsage: true,
    inUseBy: [],
    ...options.foreign,
  });
  const targets = configs.map((target, index) =>
    fakeTarget({
      ...identityOf(target, home, certificate.id),
      position: kinds[index] ?? 'default',
      defaultArn: foreignArn,
    }),
  );
  const publisher = fakeArnPublisher();
  const left = new Set<string>();
  const spoilt = new Map<string, string | null>();
  const strangers = new Map<string, string>();
  const work: Work[] = [];
  const events: LedgerEvent[] = [];
  const errors: LogFields[] = [];
  let runs = 0;

  function configure(): void {
    const isIn = (target: (typeof configs)[number]) =>
      !left.has(identityOf(target, home, certificate.id).key);
    config.certificates = [{ ...certificate, targets: configs.filter(isIn) }];
  }

  /** An SNI list wins over the default, as on an ALB. */
  async function probe({
    host,
    servername,
  }: {
    host: string;
    servername: string;
  }): Promise<readonly ProbeAnswer[]> {
    const target = targets.find(({ endpoint }) => endpoint.host === host);
    const address = '192.0.2.1';
    const bad = target && spoilt.get(target.key);
    if (!target || bad === null) {
      return [{ address, servername, outcome: 'silent', detail: 'connect ECONNREFUSED' }];
    }
    const held = acm.held.get(target.held.at(-1) as string);
    const { names = [], notAfter } = held ?? {};
    const serial = bad ?? held?.serial ?? '00';
    const fingerprintSha256 =
      strangers.get(serial) ?? (bad ? null : held?.fingerprintSha256) ?? paperFingerprint(serial);
    const known = { serial, fingerprintSha256 };
    return [
      { address, servername, outcome: 'answered', ...known, names, notAfter: notAfter ?? now },
    ];
  }

  const ports = {
    installation,
    config,
    ledger: ledgerOf('deploy'),
    keyStore,
    certificateManagerFor: () => acm,
    publisherFor: () => publisher,
    targetsOf: () => targets.filter(({ key }) => !left.has(key)),
    probe,
    queues: { send: async (item: Work) => void work.push(item) },
    functions: { start: async (item: Work) => void work.push(item) },
    bus: { publish: async (told: readonly LedgerEvent[]) => void events.push(...told) },
    clock,
    log: {
      info() {},
      warn() {},
      error: (_: string, fields: LogFields) => void errors.push(fields),
    },
    retryDelaysMs: options.retryDelaysMs ?? [minuteMs, 10 * minuteMs],
    settings: {
      spreadMs: minuteMs,
      pollMs: 5_000,
      patienceMs: 15_000,
      resumeMs: minuteMs,
      reprobeMs: 6 * hourMs,
    },
  };
  const invocation = () => {
    runs += 1;
    return { id: `run-${runs}`, deadline: addMs(clock.now(), 150_000) };
  };

  return {
    clock,
    config,
    acm,
    publisher,
    keyStore,
    ledger,
    ledgerOf,
    targets,
    work,
    events,
    /** What was logged as an error. */
    errors,
    ports,
    objects,
    /** A run of 150 s from now. */
    invocation,
    target: targets[0] as (typeof targets)[number],
    /** Null makes the endpoint silent, a serial makes it serve that whatever is bound. */
    spoil: (key: string, served: string | null) => void spoilt.set(key, served),
    /** From now on what answers with this serial has that fingerprint. */
    impersonate: (serial: string, fingerprint: string) => void strangers.set(serial, fingerprint),
    heal: (key: string) => void spoilt.delete(key),
    /** Takes the certificate out of the configuration. */
    unconfigure(): void {
      config.certificates = [];
    },
    /** Takes all targets out of the configuration, and retires their place. */
    retire(): void {
      config.certificates = config.certificates.map((each) => ({ ...each, targets: [] }));
      config.retired = { solvers: [], places: [place] };
    },
    /** Puts the targets in again. */
    comeBack(): void {
      configure();
      config.retired = { solvers: [], places: [] };
    },
    /** Takes a target out of the configuration. */
    leave(key: string): void {
      left.add(key);
      configure();
    },
    /** Puts it in again. */
    join(key: string): void {
      left.delete(key);
      configure();
    },
    /** Stores a version and makes it the desired one, as issue does. */
    async issue(id: string, change: Partial<Version> = {}) {
      const serial = `0${id.replace('v', '')}`;
      const version: Version = {
        id,
        serial,
        names: ['shop.example.com'],
        keyAlgorithm: 'ecdsa-p256',
        notBefore: clock.now().toISOString(),
        notAfter: addMs(clock.now(), 90 * dayMs).toISOString(),
        issuer: 'local',
        orderUrl: null,
        issuedAt: clock.now().toISOString(),
        ...change,
        fingerprintSha256: change.fingerprintSha256 ?? paperFingerprint(change.serial ?? serial),
      };
      versions.set(id, version);
      keyStore.put('shop', id, paperMaterial(id));
      await ledger.update('shop', (record) => ({
        ...record,
        desired: id,
        versions: [...record.versions, version],
      }));
    },
    deploy: (): Promise<DeployOutcome> =>
      deploy(ports, { certificate: 'shop', place }, invocation()),
    verify: (): Promise<VerifyOutcome> =>
      verifyRun({ ...ports, objects, ledger: ledgerOf('verify') }, 'shop', invocation()),
    async record(): Promise<CertificateRecord> {
      return (await ledger.read('shop')) ?? emptyRecord('shop', clock.now());
    },
    async states(): Promise<readonly string[]> {
      const { deployments } = (await ledger.read('shop')) ?? emptyRecord('shop', clock.now());
      return targets.map(({ key }) => deployments[key]?.state ?? 'none');
    },
    told: () => events.map(({ type }) => type),
  };
}
