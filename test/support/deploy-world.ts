import { SSMClient } from '@aws-sdk/client-ssm';
import type { OutsideCall } from 'local-cloud/faults.ts';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { ssmArnPublisher } from '#shared/adapters/ssm-arn-publisher.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { RolloutConfig } from '#shared/config/rollout.ts';
import { type DeployOutcome, deploy } from '#shared/deploy/deploy.ts';
import { type DriftDetectionOutcome, detectDrift } from '#shared/deploy/drift/detect-drift.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { awsCertificateManager } from '#shared/deploy/import/acm-client.ts';
import { iamServerCertificates } from '#shared/deploy/import/iam/iam-client.ts';
import { s3ImportLane } from '#shared/deploy/import/import-lane.ts';
import type { Probe } from '#shared/deploy/probe/probe.ts';
import { s3DomainTurns } from '#shared/deploy/turns/domain-lane.ts';
import { proofsOfRun } from '#shared/deploy/verify/run-proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { arnParameter } from '#shared/installation.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import {
  type CertificateRecord,
  emptyRecord,
  type LedgerEvent,
} from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { type Place, placeKey } from '#shared/place.ts';
import { Secret } from '#shared/secret.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { type DeployLab, home } from './deploy-lab.ts';
import { fakeKeyStore } from './fake-key-store.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { configWith } from './healthy.ts';
import { loadedTargets } from './loaded-targets.ts';
import { silentLog } from './silent-log.ts';
import { verifyRun } from './verify-run.ts';

/** That of a world whose targets get their certificates from ACM. */
export const place = placeKey(home);
const never = new Promise<never>(() => undefined);
const changing = /^(Import|Upload|Delete|Modify|Set|Add|Remove|Put|Update|Tag|Send)/;

export type DeployWorld = ReturnType<typeof deployWorld>;

/** Deploy and verify of one certificate over the wire of a lab, in runs that can be made to die. */
export function deployWorld(
  lab: DeployLab,
  targets: readonly TargetConfig[],
  {
    installation = 'certkeep',
    adopt = 'new-arn',
    name = 'shop.example.com',
    names = [name],
    // Longer than the lease of a dead run, so that its successor finds the back-off running.
    retryDelaysMs = [10 * minuteMs],
    store,
  }: {
    readonly installation?: string;
    readonly adopt?: CertificateConfig['adopt'];
    readonly name?: string;
    readonly names?: readonly string[];
    readonly retryDelaysMs?: readonly number[];
    readonly store?: Place['store'];
  } = {},
) {
  const { clock, faults } = lab;
  const place = placeKey({ ...home, ...(store && { store }) });
  let certificate: CertificateConfig = {
    id: 'shop',
    names,
    domains: ['example.com'],
    issuers: ['local'],
    key: 'rsa-2048',
    rotation: 'always',
    adopt,
    targets,
  };
  let config = configWith({ home, issuers: {}, certificates: [certificate] });
  const objects = fakeObjectStore();
  const keyStore = fakeKeyStore();
  const events: LedgerEvent[] = [];
  const ledger = wholeLedger({ objects, clock });
  let comesAgainAt: Date | null = null;
  let runs = 0;
  let probe = lab.probe;

  /** The ports of one process, which dies right after its `diesAfter`-th effect, its answer unheard. */
  function life(writer: Writer, diesAfter: number) {
    let effects = 0;
    let isDead = false;
    let died: () => void = () => undefined;
    const death = new Promise<'died'>((resolve) => {
      died = () => resolve('died');
    });
    function countEffect(): boolean {
      effects += isDead ? 0 : 1;
      return effects === diesAfter && !isDead;
    }
    faults.clear();
    faults.kill = () => {
      isDead = true;
      died();
    };
    faults.add({
      when: ({ operation }: OutsideCall) => changing.test(operation) && countEffect(),
      fault: { do: 'kill-after' },
    });
    const mortalObjects: ObjectStore = {
      ...objects,
      get: (...asked) => (isDead ? never : objects.get(...asked)),
      async putIf(key, body, etag) {
        if (isDead) return never;
        const answer = await objects.putIf(key, body, etag);
        if (!countEffect()) return answer;
        faults.kill(null, null);
        return never;
      },
    };
    const options = lab.clientOptions({ before: async () => (isDead ? never : undefined) });
    const lane = s3ImportLane({ objects: mortalObjects, clock, log: silentLog }, place);
    const clientOptionsFor = () => options;
    const turnPorts = { objects: mortalObjects, clock, log: silentLog };
    const make = targetMaker(loadedTargets, {
      ...{ installation, home, clientOptionsFor, clock },
      domainTurnsIn: (at) => s3DomainTurns(turnPorts, placeKey(at)),
    });
    const ports = {
      installation,
      config,
      ledger: s3Ledger({ objects: mortalObjects, clock, writer }),
      keyStore,
      certificateManagerFor: (at: Place) =>
        at.store
          ? iamServerCertificates({ options, clock, installation, place: at })
          : awsCertificateManager({ options, clock, lane }),
      publisherFor: () => ssmArnPublisher(new SSMClient(options)),
      targetsOf: () => certificate.targets.map((target) => make(target, certificate.id)),
      probe,
      queues: { send: async () => undefined },
      later: {
        async sendAt(_: unknown, at: Date) {
          comesAgainAt = at;
        },
      },
      functions: { start: async () => undefined },
      bus: { publish: async (told: readonly LedgerEvent[]) => void events.push(...told) },
      clock,
      log: silentLog,
      retryDelaysMs,
      settings: {
        spreadMs: minuteMs,
        pollMs: 5_000,
        patienceMs: 15_000,
        resumeMs: minuteMs,
        reprobeMs: 6 * hourMs,
      },
    };
    return { ports, death };
  }

  function invocation() {
    runs += 1;
    return { id: `run-${runs}`, deadline: addMs(clock.now(), 150_000) };
  }

  return {
    /** The key of its place. */
    place,
    events,
    keyStore,
    /** Stores a real version and makes it the desired one. */
    async issue(
      id: string,
      keyAlgorithm: KeyAlgorithm = 'rsa-2048',
      issuer = 'local',
    ): Promise<string> {
      const made = await makeCertificate({ names, key: keyAlgorithm, now: clock.now() });
      keyStore.put('shop', id, { ...made, keyPem: new Secret(made.keyPem) });
      const version = {
        id,
        serial: made.serial,
        names,
        keyAlgorithm,
        notBefore: made.notBefore.toISOString(),
        notAfter: made.notAfter.toISOString(),
        fingerprintSha256: readCertificate(made.certificatePem).fingerprintSha256,
        issuer,
        orderUrl: null,
        issuedAt: clock.now().toISOString(),
      };
      await ledger.update('shop', (record) => ({
        ...record,
        desired: id,
        versions: [...record.versions, { ...version, names: [...names] }],
      }));
      return made.serial;
    },
    deploy(diesAfter = Number.POSITIVE_INFINITY): Promise<DeployOutcome | 'died'> {
      const { ports, death } = life('deploy', diesAfter);
      return Promise.race([deploy(ports, { certificate: 'shop', place }, invocation()), death]);
    },
    /** When the work that waits for its turn comes again, said once. */
    takeLater(): Date | null {
      const at = comesAgainAt;
      comesAgainAt = null;
      return at;
    },
    /** The configuration names other targets from now on. */
    moveTo(others: readonly TargetConfig[]): void {
      certificate = { ...certificate, targets: others };
      config = { ...config, certificates: [certificate] };
    },
    /** The configuration names an order of the places from now on. */
    order(rollout: RolloutConfig): void {
      certificate = { ...certificate, rollout };
      config = { ...config, certificates: [certificate] };
    },
    /** Endpoints answer as this says from now on. */
    ask(other: Probe): void {
      probe = other;
    },
    /** Looks at the listeners of the place, as verify does every hour. */
    async look(): Promise<DriftDetectionOutcome> {
      const { ports } = life('verify', Number.POSITIVE_INFINITY);
      return detectDrift({ ...ports, rounds: s3Rounds(objects) }, placeKey(home), invocation());
    },
    /** Takes the certificate out of the configuration, and retires its place. */
    retire(): void {
      config = { ...config, certificates: [], retired: { solvers: [], places: [place] } };
    },
    async verify(): Promise<void> {
      const { ports } = life('verify', Number.POSITIVE_INFINITY);
      await verifyRun({ ...ports, objects }, 'shop', invocation());
    },
    /** With the proofs that only verify's book holds. */
    async record(): Promise<CertificateRecord> {
      const record = (await ledger.read('shop')) ?? emptyRecord('shop', clock.now());
      return proofsOfRun(s3VerifyBook(objects), clock).known(record);
    },
    /** What the certificate's parameter holds. */
    published: () => lab.parameters.valueOf(arnParameter(installation, certificate.id), home),
    async states(): Promise<readonly string[]> {
      const record = (await ledger.read('shop')) ?? emptyRecord('shop', clock.now());
      return Object.values(record.deployments).map(({ state }) => state);
    },
    /** What the nodes of an endpoint serve for the certificate's name. */
    async served(host: string, port: number): Promise<readonly string[]> {
      const answers = await lab.probe({ host, port, servername: name, family: null });
      return answers.map((each) => (each.outcome === 'answered' ? each.serial : each.detail));
    },
  };
}
