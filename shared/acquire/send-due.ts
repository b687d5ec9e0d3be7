import type { Clock } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { decideRetire } from '#shared/deploy/decide-retire.ts';
import { placesOf } from '#shared/deploy/places.ts';
import { identitiesOf } from '#shared/deploy/resources.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
import type { WorkQueues } from '#shared/work.ts';
import { configurationOf } from './attempt.ts';
import { decideAcquire } from './decide.ts';
import { adviceOn } from './renewal-info.ts';
import { renewalDue } from './renewal-time.ts';

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
};

/** Sends the work that a record asks for, and where `asks` is true verify as well, which else has a schedule. */
export async function sendDue(
  ports: DuePorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
  asks: boolean,
): Promise<CheckLine> {
  if (asks && certificate.targets.length > 0) {
    await ports.queues.send({ kind: 'verify', certificate: record.id }, record.desired ?? '');
  }
  const retireReason = await sendRetirements(ports, record);
  const deployReason = (await sendDeploys(ports, certificate, record)) ?? retireReason;
  const configuration = configurationOf(ports.config, certificate);
  const now = ports.clock.now();
  const { issuers } = ports.config;
  const decision = decideAcquire({ certificate, issuers, record, configuration, now });
  const line = (action: CheckLine['action'], reason: string): CheckLine => ({
    certificate: certificate.id,
    action,
    reason,
  });
  switch (decision.action) {
    case 'begin':
      await sendIssue(ports, record);
      return line('issue', decision.reason.text);
    case 'resume':
      await sendIssue(ports, record);
      return line('issue', `resuming: ${decision.attempt.reason}`);
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
}

export async function sendIssue(
  { clock, queues }: Pick<DuePorts, 'clock' | 'queues'>,
  record: CertificateRecord,
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
function isBusy(record: CertificateRecord, lease: string, now: Date): boolean {
  const held = record.leases[lease];
  return held !== undefined && new Date(held.until) > now;
}

function dueText(record: CertificateRecord, certificate: CertificateConfig): string {
  const version = desiredVersion(record);
  if (!version) return 'nothing to do';
  const due = renewalDue(version, certificate, adviceOn(record, version));
  return `renewal is due on ${due.toISOString().slice(0, 10)}`;
}
