import type { Clock } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { decideRetire } from '#shared/deploy/decide-retire.ts';
import { placesOf } from '#shared/deploy/places.ts';
import { identitiesOf } from '#shared/deploy/resources.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
import type { WorkQueues } from '#shared/work.ts';
import { configurationOf } from './attempt.ts';
import type { WantedOrder } from './budgets/admit.ts';
import { candidateOf, urgencyOf } from './budgets/candidate.ts';
import { decideAcquire } from './decide.ts';
import { adviceOn } from './renewal-info.ts';
import { renewalDue } from './renewal-time.ts';
import { type Reason, reasonToIssue } from './rules.ts';

export type DuePorts = {
  readonly config: Config;
  readonly queues: WorkQueues;
  readonly clock: Clock;
};

/** What check found due, and why. */
export type CheckLine = {
  readonly certificate: string;
  readonly action: 'issue' | 'deploy' | 'look' | 'wait' | 'clean-up' | 'none';
  readonly reason: string;
  /** Of a force: what it takes of the limits of the CA. */
  readonly takes?: readonly string[];
};

/** What became of the work of a certificate; an order of a CA with limits is for all to be weighed together. */
export type Due = CheckLine | WantedOrder;

/** Sends the work that a record asks for, and where `asks` is true verify as well, which else has a schedule. */
export async function sendDue(
  ports: DuePorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
  asks: boolean,
): Promise<Due> {
  if (asks && certificate.targets.length > 0) {
    await ports.queues.send({ kind: 'verify', certificate: record.id }, record.desired ?? '');
  }
  const retireReason = await sendRetirements(ports, record);
  const deployReason = (await sendDeploys(ports, certificate, record)) ?? retireReason;
  const configuration = configurationOf(ports.config, certificate);
  const now = ports.clock.now();
  const { issuers } = ports.config;
  const situation = { certificate, issuers, record, now };
  const decision = decideAcquire({ ...situation, configuration });
  const line = (action: CheckLine['action'], reason: string): CheckLine => ({
    certificate: certificate.id,
    action,
    reason,
  });
  switch (decision.action) {
    case 'begin':
      return ordered(decision.reason, decision.reason.text);
    case 'resume': {
      const text = `resuming: ${decision.attempt.reason}`;
      return ordered(decision.attempt.orderUrl ? null : reasonToIssue(situation), text);
    }
    case 'clean-up':
      await sendIssue(ports, record);
      return line('clean-up', 'something of an earlier attempt is left');
    case 'look':
      await sendIssue(ports, record);
      return line('look', 'the CA is to be asked about the certificate');
    case 'wait':
      return line('wait', `until ${decision.until.toISOString()}`);
    case 'none':
      if (deployReason) return line('deploy', deployReason);
      return line('none', dueText(record, certificate));
  }

  /** Null for what has its order already. */
  async function ordered(reason: Reason | null, text: string): Promise<Due> {
    const { id, leases, attempt } = record;
    const send = () => sendIssue(ports, { id, leases, attempt });
    const order = reason && candidateOf(situation, { urgency: urgencyOf(reason), from: now });
    const isFree = order === null || order.charges.length === 0 || record.forced?.override;
    const hasOtherIssuers = certificate.issuers.length > 1;
    if (!isFree) return { ...order, reason: text, send, hasOtherIssuers };
    await send();
    return line('issue', text);
  }
}

export async function sendIssue(
  { clock, queues }: Pick<DuePorts, 'clock' | 'queues'>,
  record: Pick<CertificateRecord, 'id' | 'leases' | 'attempt'>,
): Promise<void> {
  if (isBusy(record, 'acquire', clock.now())) return;
  await queues.send({ kind: 'issue', certificate: record.id }, record.attempt?.id ?? 'new');
}

/** Why a deploy was sent, null when none was. */
async function sendDeploys(
  { clock, config, queues }: DuePorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<string | null> {
  const targets = identitiesOf(certificate.targets, config.home);
  let reason: string | null = null;
  for (const place of placesOf(certificate, config.home)) {
    const decision = decideDeploy({ record, targets, place, now: clock.now() });
    if (decision.outcome !== 'due' || isBusy(record, `deploy:${place}`, clock.now())) continue;
    await queues.send({ kind: 'deploy', certificate: record.id, place }, record.desired ?? '');
    reason = decision.reason;
  }
  return reason;
}

/** Why a deploy was sent to a retired place, null when none was. Also of what has left the configuration itself. */
export async function sendRetirements(
  { clock, config, queues }: DuePorts,
  record: CertificateRecord,
): Promise<string | null> {
  let reason: string | null = null;
  for (const place of config.retired.places) {
    const decision = decideRetire(record, place, clock.now());
    if (decision.outcome !== 'due' || isBusy(record, `deploy:${place}`, clock.now())) continue;
    await queues.send({ kind: 'deploy', certificate: record.id, place }, record.desired ?? '');
    reason = decision.reason;
  }
  return reason;
}

/** While a run holds the lease it does the work already; a dead run's lease ends by itself. */
function isBusy(record: Pick<CertificateRecord, 'leases'>, lease: string, now: Date): boolean {
  const held = record.leases[lease];
  return held !== undefined && new Date(held.until) > now;
}

function dueText(record: CertificateRecord, certificate: CertificateConfig): string {
  const version = desiredVersion(record);
  if (!version) return 'nothing to do';
  const due = renewalDue(version, certificate, adviceOn(record, version));
  return `renewal is due on ${due.toISOString().slice(0, 10)}`;
}
