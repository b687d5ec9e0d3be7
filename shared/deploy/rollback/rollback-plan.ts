import { CertkeepError } from '#shared/errors.ts';
import { isAsked } from '#shared/ledger/record/asked.ts';
import { isBarred } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record/record.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import type { Arrangement } from '#shared/targets/target.ts';
import { answeringRival, askingOf } from '../choice/hold-back.ts';
import { holdingsOf } from '../choice/holdings.ts';
import { goingBackHelps } from '../choice/rivals.ts';
import type { DeployContext, Look } from '../context.ts';
import { servedBefore } from '../deployment-questions.ts';
import type { HeldCertificate } from '../import/acm.ts';
import { heldOnce } from '../import/held-once.ts';
import { contradiction } from '../import/look-alike.ts';
import { isOurs } from '../import/mark.ts';
import { heldAfter, isBound, wayBackArrangement } from '../rebind/arrangement.ts';
import { backFacts, notToGoBackTo } from '../rebind/previous-mark.ts';
import { lasts } from './previous-state.ts';

type Told = { readonly deployment: Deployment; readonly version: Version };

/** The reason why a target stays as it is although its endpoint contradicts the change. */
export class RollbackImpossible extends Error {
  told(detail: string, { deployment, version }: Told): CertkeepError {
    return contradiction(deployment, version, `${detail}; not put back: ${this.message}`);
  }
}

/** The record leads to an ARN that no tag confirms. */
export class NotOurs extends RollbackImpossible {
  override told(detail: string): CertkeepError {
    return new CertkeepError('ArnNotOurs', `${detail}; not put back: ${this.message}`);
  }
}

/** Something else answers, and would still answer after a rollback. */
export class GoingBackHelpsNobody extends RollbackImpossible {
  readonly rival: CertkeepError | null;

  constructor(message: string, rival: CertkeepError | null) {
    super(message);
    this.rival = rival;
  }

  override told(detail: string, told: Told): CertkeepError {
    const { message } = super.told(detail, told);
    return this.rival ?? contradiction(told.deployment, told.version, message, { once: detail });
  }
}

export type RollbackPlan =
  /** The ARN stays on the listeners and gets its earlier version again: all targets with it go back. */
  | {
      readonly way: 'reimport';
      readonly arn: string;
      readonly versionId: string;
      readonly keys: readonly string[];
    }
  | {
      readonly way: 'bind';
      readonly arn: string;
      readonly wanted: Arrangement;
      readonly keys: readonly string[];
    };

type Contradicted = {
  readonly look: Look;
  readonly deployment: Deployment;
};

/**
 * Plans how a target gets its previous certificate back, given the present state of ACM and the listener. `run.version` is
 * the contradicted one.
 * @throws RollbackImpossible
 */
export async function planRollback(
  run: DeployContext,
  record: CertificateRecord,
  { look, deployment }: Contradicted,
): Promise<RollbackPlan> {
  const { target, view } = look;
  const { arn, previous } = deployment;
  const keys = [target.key];
  if (arn === null) throw new RollbackImpossible('nothing was bound');
  await checkOurs(run, arn);
  if (!previous) {
    if (target.position !== 'sni')
      throw new RollbackImpossible('what was there before is not known');
    // Nothing left the list for it: whatever answers would still answer.
    throw new GoingBackHelpsNobody('nothing was replaced', await rivalAt(run, record, look, arn));
  }
  const listener = { ...view, position: target.position };
  // An earlier run may have put it back without recording it.
  if (!isBound(listener, arn) && !isBound(listener, previous.arn)) {
    const held = [view.default ?? 'no default', ...view.list].join(', ');
    throw new RollbackImpossible(`somebody else has bound ${held} since`);
  }
  const wanted = wayBackArrangement(target.position, arn, previous);
  if (previous.arn === arn) {
    const way = await reimportOf(run, record, deployment, previous.versionId);
    await checkWorthIt(run, record, { look, deployment }, null);
    return way;
  }
  refuseUnwanted(record, ({ id }) => id === previous.versionId);
  const held = await heldThere(run, record, previous.arn);
  await checkMayReturn(run, look, previous, held);
  const notAfter = held ? (held.notAfter?.toISOString() ?? null) : previous.notAfter;
  if (!notAfter) throw new RollbackImpossible('when the previous certificate ends is not known');
  if (!lasts({ notAfter }, run.clock.now())) throw endsSoon();
  await checkWorthIt(run, record, { look, deployment }, wanted);
  return { way: 'bind', arn: previous.arn, wanted, keys };
}

/**
 * Going back where another certificate answers would only move certificates about. Undocumented behaviour of AWS is not
 * predicted: there the answer tells, which comes from the previous certificate or from somebody else's.
 * @throws GoingBackHelpsNobody
 */
async function checkWorthIt(
  run: DeployContext,
  record: CertificateRecord,
  { look, deployment }: Contradicted,
  wanted: Arrangement | null,
): Promise<void> {
  const { target, view } = look;
  const arn = deployment.arn as string;
  // If it is already put back, that must be recorded.
  if (!isBound({ ...view, position: target.position }, arn)) return;
  const heldAt = heldOnce(run.acm, record);
  const { probe } = deployment;
  const asking = askingOf(run, view, arn);
  const names = probe?.served ? [probe.served.servername] : asking.names;
  const held = await holdingsOf(view, heldAt);
  const after = wanted && (await holdingsOf(heldAfter(view, wanted), heldAt));
  const isWorthIt = names.some((name) => {
    const helps = goingBackHelps(held, after, { ...asking, name });
    return helps ?? servesPrevious(record, deployment);
  });
  if (!isWorthIt) {
    const rival = await rivalAt(run, record, look, arn);
    throw new GoingBackHelpsNobody('it would not change what is served', rival);
  }
}

function servesPrevious(record: CertificateRecord, deployment: Deployment): boolean {
  const { serial = null, fingerprintSha256 = null } = deployment.probe ?? {};
  const previous = servedBefore(record, deployment);
  if (serial === null || previous === null) return false;
  return fingerprintSha256 === null || previous.fingerprintSha256 === null
    ? serial === previous.serial
    : fingerprintSha256 === previous.fingerprintSha256;
}

function rivalAt(
  run: DeployContext,
  record: CertificateRecord,
  look: Look,
  arn: string,
): Promise<CertkeepError | null> {
  return answeringRival(run, { look, arn, heldAt: heldOnce(run.acm, record) });
}

async function reimportOf(
  run: DeployContext,
  record: CertificateRecord,
  deployment: Deployment,
  previousVersionId: string | null,
): Promise<RollbackPlan> {
  const arn = deployment.arn as string;
  if (!previousVersionId)
    throw new RollbackImpossible('nobody has the key of the previous certificate');
  const version = record.versions.find(({ id }) => id === previousVersionId);
  if (!version) throw new RollbackImpossible(`version ${previousVersionId} is not in the record`);
  if (!lasts(version, run.clock.now())) throw endsSoon();
  refuseUnwanted(record, ({ id }) => id === version.id);
  const held = await run.acm.describe(arn, record.versions);
  // A newer version, or somebody else's import, is not ours to take away.
  const known = [run.version, version].map((each) => each.fingerprintSha256);
  if (!held?.fingerprintSha256 || !known.includes(held.fingerprintSha256)) {
    throw new RollbackImpossible(`${arn} holds serial ${held?.serial ?? 'none'} since`);
  }
  const sharing = Object.entries(record.deployments).filter(
    ([, other]) => other.arn === arn && other.versionId === deployment.versionId,
  );
  // A target without an endpoint proves nothing about what is served.
  if (sharing.some(([, other]) => other.provenAt !== null && isAsked(other))) {
    throw new RollbackImpossible('other targets prove that the same certificate is served');
  }
  const keys = sharing.map(([each]) => each);
  return { way: 'reimport', arn, versionId: previousVersionId, keys };
}

/** Its owner may have renewed or deleted it since; null for one of another store, which only the record knows. */
async function heldThere(
  run: DeployContext,
  record: CertificateRecord,
  arn: string,
): Promise<HeldCertificate | null> {
  if (!run.acm.holds(arn)) return null;
  const held = await run.acm.describe(arn, record.versions);
  if (!held) throw new RollbackImpossible(`${arn} is gone`);
  refuseUnwanted(record, ({ serial }) => serial === held.serial);
  return held;
}

/** The certificate to put back was marked when it was replaced, or is ours. Other ARNs that return to the list are ours. */
async function checkMayReturn(
  run: DeployContext,
  look: Look,
  { arn, listed = [] }: NonNullable<Deployment['previous']>,
  held: HeldCertificate | null,
): Promise<void> {
  const reason = notToGoBackTo(await backFacts(run, look, arn, held));
  if (reason !== null) throw new NotOurs(reason);
  for (const each of listed) if (each !== arn) await checkOurs(run, each);
}

/** The record says that we bound it; only its tags are believed. */
async function checkOurs(run: DeployContext, arn: string): Promise<void> {
  if (await isOurs(run, arn)) return;
  throw new NotOurs(`nothing but the record says that ${arn} is ours`);
}

/** Clients that check its CA's revocation list would refuse it, and somebody may have its key; or a person knows better. */
function refuseUnwanted(record: CertificateRecord, is: (version: Version) => boolean): void {
  const version = record.versions.find(is);
  if (version && isRevoked(record, version)) {
    throw new RollbackImpossible('the previous certificate has been revoked');
  }
  if (version && isBarred(record, version)) {
    throw new RollbackImpossible('a person has barred the previous certificate');
  }
}

function endsSoon(): RollbackImpossible {
  return new RollbackImpossible('the previous certificate ends within a day');
}
