import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { heldRecord, isHeld } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { lacksReplica } from '#shared/ledger/replica.ts';
import { type LookPorts, look } from './advice/look.ts';
import { lookDue } from './advice/look-due.ts';
import type { Recalls } from './advice/recalls.ts';
import { configurationOf } from './configuration.ts';
import { decideAcquire } from './decide.ts';
import { certifiedRecord } from './store/as-certified.ts';

type LookAlonePorts = Omit<LookPorts, 'config' | 'mine'> & {
  readonly config: Pick<Config, 'issuers' | 'replicas' | 'solvers'>;
  readonly ledger: Ledger;
  readonly recalls: Recalls;
};

/**
 * Asks the CA for its advice on a certificate that needs nothing else, several times a day for each. It takes no lease: one
 * read of the record and of its certificate, and one write of the answer, which concerns nobody else. Returns false where
 * there is more to do, also for the answer: that takes the lease.
 */
export async function lookAlone(
  ports: LookAlonePorts,
  certificate: CertificateConfig,
): Promise<boolean> {
  const { clock, config, ledger, recalls } = ports;
  const { id } = certificate;
  const configuration = configurationOf(config, certificate);
  const situation = (record: CertificateRecord) => {
    const { issuers } = config;
    return { certificate, issuers, record, recalls, configuration, now: clock.now() };
  };
  const record = await ledger.read(id);
  if (!record || lacksReplica(record, config.replicas)) return false;
  if (isHeld(record.leases.acquire, clock.now()) || !isQuiet(record)) return false;
  const [due, ...more] = lookDue(situation(record));
  if (due !== 'renewal-info' || more.length > 0) return false;
  if (decideAcquire(situation(record)).action !== 'look') return false;
  // A run with the lease first corrects a record that contradicts its certificate: the CA is asked by what the record says.
  if ((await certifiedRecord(ports, record)) !== record) return false;
  const askedAt = clock.now().toISOString();
  const mine = heldRecord((change) =>
    ledger.update(id, (current) => (isNewer(current, askedAt) ? current : change(current))),
  );
  const answered = await look({ ...ports, mine }, situation(record));
  return isQuiet(answered) && decideAcquire(situation(answered)).action === 'none';
}

/** Another run has asked since: its answer stays. */
function isNewer({ renewalInfo }: CertificateRecord, askedAt: string): boolean {
  return (renewalInfo?.askedAt ?? '') > askedAt;
}

/** No attempt, no failure and no value is left, and nothing is to be told. */
function isQuiet({ acquireFailure, attempt, outbox, txt }: CertificateRecord): boolean {
  return attempt === null && acquireFailure === null && txt.length === 0 && outbox.length === 0;
}
