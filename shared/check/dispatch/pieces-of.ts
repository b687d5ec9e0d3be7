import { noRecalls, type Recalls } from '#shared/acquire/advice/recalls.ts';
import { leftOver } from '#shared/acquire/challenges/values.ts';
import { configurationOf } from '#shared/acquire/configuration.ts';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import { type Reason, reasonToIssue } from '#shared/acquire/renewal/rules.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { decideRetire } from '#shared/deploy/retire/decide-retire.ts';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import { isHeld, lastEnd } from '#shared/ledger/lease.ts';
import { putAside } from '#shared/ledger/record/chosen.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { placeKey } from '#shared/place.ts';
import { identitiesOf, placesOf } from '#shared/targets/identities.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { candidateOf, urgencyOf, type WantedOrder } from '../orders/candidate.ts';
import { isServingNothingGood, servedEnd } from './danger.ts';
import type { Piece, Urgency } from './piece.ts';

/** The needs of one certificate. */
export type Needs = {
  readonly certificate: string;
  /** The step that people are told: acquiring, or else deploying. */
  readonly action:
    | 'choose'
    | 'revoke'
    | 'issue'
    | 'rehearse'
    | 'deploy'
    | 'look'
    | 'wait'
    | 'clean-up'
    | 'none';
  readonly reason: string;
  /** The work itself; `issue` may still have to wait for the limits of its CA. */
  readonly issue: Piece | null;
  /** The order that `issue` charges to the limits of its CA; null where it charges nothing. */
  readonly order: WantedOrder | null;
  readonly others: readonly Piece[];
};

/** The approximate length of runs, in seconds: it only decides how much is sent at once. */
export const secondsOf = {
  order: 45,
  // One second; or 20 s with a CA that does not answer, which must not delay the orders of others.
  look: 5,
  cleanUp: 5,
  // Eight seconds; or more than a minute where a load balancer does not know the certificate yet.
  deploy: 20,
  proof: 30,
  proofAgain: 2,
} as const;

/** Returns the needs of a configured certificate, from its record. Pure. */
export function needsOf(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  now: Date,
  recalls: Recalls = noRecalls,
): Needs {
  const deploys = [
    ...deploysOf(config, certificate, record, now),
    ...retirementsOf(config, record, now),
  ];
  const others = [
    ...deploys.map(({ piece }) => piece),
    ...verifiesOf(config, certificate, record, now),
  ];
  const found = acquiringOf(config, certificate, record, { now, recalls });
  const last = deploys.at(-1);
  const told =
    found.action === 'none' && last ? { action: 'deploy' as const, reason: last.reason } : found;
  return { certificate: certificate.id, ...found, ...told, others };
}

/** Does the same where the record contradicts the certificate: issue looks at it in any case. */
export function toPutRight(needs: Needs, record: CertificateRecord, now: Date): Needs {
  if (needs.issue) return needs;
  const issue = issuePiece(record, { urgency: 'wanted', seconds: secondsOf.cleanUp }, now);
  return { ...needs, action: 'look', reason: 'the record contradicts the certificate', issue };
}

/** Returns the work left for a certificate that is not configured any more. */
export function leftoverPiecesOf(
  config: Config,
  record: CertificateRecord,
  now: Date,
): readonly Piece[] {
  const isOpen = record.txt.length > 0 || record.attempt !== null;
  return [
    ...(isOpen ? [issuePiece(record, { urgency: 'wanted', seconds: secondsOf.cleanUp }, now)] : []),
    ...retirementsOf(config, record, now).map(({ piece }) => piece),
  ];
}

type Acquiring = Pick<Needs, 'action' | 'reason' | 'issue' | 'order'>;

function acquiringOf(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  { now, recalls }: { readonly now: Date; readonly recalls: Recalls },
): Acquiring {
  const situation = { certificate, issuers: config.issuers, record, recalls, now };
  const configuration = configurationOf(config, certificate);
  const targets = identitiesOf(certificate, config.home).map(({ key }) => key);
  const decision = decideAcquire({ ...situation, configuration, targets });
  switch (decision.action) {
    case 'choose': {
      const { serial } = decision.version;
      const reason = `the certificate ${serial} belongs into service`;
      const issue = issuePiece(record, { urgency: 'urgent', seconds: secondsOf.cleanUp }, now);
      return { action: 'choose', reason, issue, order: null };
    }
    case 'revoke': {
      const reason = `the certificate ${decision.version.serial} is to be revoked`;
      const issue = issuePiece(record, { urgency: 'urgent', seconds: secondsOf.cleanUp }, now);
      return { action: 'revoke', reason, issue, order: null };
    }
    case 'begin':
    case 'put-off':
      return ordering(decision.reason, decision.reason, decision.reason.text);
    case 'resume': {
      const reason = reasonToIssue(situation);
      const text = `resuming: ${decision.attempt.reason}`;
      return ordering(reason, decision.attempt.orderUrl ? null : reason, text);
    }
    case 'clean-up':
      return without('clean-up', 'something of an earlier attempt is left', secondsOf.cleanUp);
    case 'rehearse':
      return without('rehearse', `"${record.rehearsing?.reason}"`, secondsOf.order);
    case 'look':
      return {
        ...without('look', 'the CA is to be asked about the certificate', null),
        issue: lookPiece(record, now),
      };
    case 'wait': {
      const cleansUp = leftOver(record).length > 0;
      const until = `until ${decision.until.toISOString()}`;
      return without('wait', until, cleansUp ? secondsOf.cleanUp : null);
    }
    case 'none':
      return without('none', dueText(record, certificate), null);
  }

  function ordering(reason: Reason | null, orders: Reason | null, text: string): Acquiring {
    const order = orders && candidateOf(situation, { urgency: urgencyOf(orders), from: now });
    const isFree = order === null || order.charges.length === 0 || record.forced?.override;
    const urgency = reason ? issueUrgency(reason) : 'wanted';
    const issue = issuePiece(record, { urgency, seconds: secondsOf.order }, now);
    return { action: 'issue', reason: text, issue, order: isFree ? null : order };
  }

  function without(action: Needs['action'], reason: string, seconds: number | null): Acquiring {
    const issue =
      seconds === null ? null : issuePiece(record, { urgency: 'routine', seconds }, now);
    return { action, reason, issue, order: null };
  }
}

function issuePiece(
  record: CertificateRecord,
  { urgency, seconds }: Pick<Piece, 'urgency' | 'seconds'>,
  now: Date,
): Piece {
  return {
    work: { kind: 'issue', certificate: record.id },
    why: record.attempt?.id ?? 'new',
    urgency,
    seconds,
    endsAt: desiredVersion(record)?.notAfter ?? null,
    ...leaseFacts(record, 'acquire', now),
    handedOverAt: null,
  };
}

/** Issue takes no lease where it only asks the CA for advice. */
function lookPiece(record: CertificateRecord, now: Date): Piece {
  const piece = issuePiece(record, { urgency: 'routine', seconds: secondsOf.look }, now);
  const lookedAt = latest([piece.lookedAt?.toISOString(), record.renewalInfo?.askedAt]);
  return { ...piece, lookedAt };
}

function leaseFacts({ leases }: CertificateRecord, name: string, now: Date) {
  const lease = leases[name];
  return { isHeld: isHeld(lease, now), lookedAt: lastEnd(lease) };
}

function issueUrgency({ rule, canWait }: Reason): Urgency {
  if (canWait) return 'routine';
  switch (rule) {
    case 'forced':
    case 'revoked':
    case 'expired':
    case 'barred':
    // The CA hints at a future revocation.
    case 'may-be-revoked':
      return 'urgent';
    case 'ends-soon':
      return 'soon';
    default:
      return 'wanted';
  }
}

type Deploy = { readonly piece: Piece; readonly reason: string };

function deploysOf(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  now: Date,
): readonly Deploy[] {
  const targets = identitiesOf(certificate, config.home);
  const { rollout = null } = certificate;
  return placesOf(certificate, config.home).flatMap((place) => {
    const decision = decideDeploy({ record, targets, rollout, place, now });
    if (decision.outcome !== 'due') return [];
    const here = targets.filter((target) => placeKey(target.place) === place);
    const urgency = deployUrgency(record, here, decision.rollBack.length > 0, now);
    const piece = deployPiece(record, place, { urgency, endsAt: servedEnd(record, here) }, now);
    return [{ piece, reason: decision.reason }];
  });
}

function deployUrgency(
  record: CertificateRecord,
  here: readonly TargetIdentity[],
  isPutBack: boolean,
  now: Date,
): Urgency {
  if (isPutBack || isServingNothingGood(record, here, now)) return 'urgent';
  if (desiredVersion(record)?.isUrgent || putAside(record)) return 'urgent';
  return here.some(({ key }) => !record.deployments[key]) ? 'wanted' : 'routine';
}

function deployPiece(
  record: CertificateRecord,
  place: string,
  { urgency, endsAt }: Pick<Piece, 'urgency' | 'endsAt'>,
  now: Date,
): Piece {
  return {
    work: { kind: 'deploy', certificate: record.id, place },
    why: record.desired ?? '',
    urgency,
    seconds: secondsOf.deploy,
    endsAt,
    ...leaseFacts(record, `deploy:${place}`, now),
    handedOverAt: latest([desiredVersion(record)?.issuedAt]),
  };
}

function retirementsOf(config: Config, record: CertificateRecord, now: Date): readonly Deploy[] {
  return config.retired.places.flatMap((place) => {
    const decision = decideRetire(record, place, now);
    if (decision.outcome !== 'due') return [];
    const piece = deployPiece(record, place, { urgency: 'routine', endsAt: null }, now);
    return [{ piece: { ...piece, handedOverAt: null }, reason: decision.reason }];
  });
}

function verifiesOf(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  now: Date,
): readonly Piece[] {
  const targets = identitiesOf(certificate, config.home);
  const due = verifyDue(record, targets, now).flatMap((key) => record.deployments[key] ?? []);
  if (due.length === 0) return [];
  const waiting = due.filter(({ state }) => state === 'awaiting-proof');
  return [
    {
      work: { kind: 'verify', certificate: record.id },
      why: record.desired ?? '',
      urgency: waiting.length > 0 ? 'wanted' : 'routine',
      seconds: waiting.length > 0 ? secondsOf.proof : secondsOf.proofAgain,
      endsAt: servedEnd(record, targets),
      isHeld: false,
      // Verify takes no lease; each of its runs writes down what it found, of the targets that were due by then.
      lookedAt: latest(targets.map(({ key }) => record.deployments[key]?.probe?.at)),
      handedOverAt: latest(waiting.map(({ changedAt }) => changedAt)),
    },
  ];
}

function latest(instants: readonly (string | undefined)[]): Date | null {
  const last = instants
    .filter((instant) => instant !== undefined)
    .toSorted()
    .at(-1);
  return last === undefined ? null : new Date(last);
}

function dueText(record: CertificateRecord, certificate: CertificateConfig): string {
  const due = nextStart(record, certificate);
  if (!due) return 'nothing to do';
  return `renewal is due on ${due.toISOString().slice(0, 10)}`;
}
