import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record.ts';
import { type HeldCertificate, isAcmArn } from './acm.ts';
import { askEndpoint, servedSerial } from './ask.ts';
import { uncoveredNames } from './covered-names.ts';
import { versionHeld } from './decide-import.ts';
import { withConfirmed, withIntent } from './intent.ts';
import type { ProbeAnswer } from './probe.ts';
import { type DeployRun, deploymentOf, isBound, type Look, readRun, updateRun } from './run.ts';
import type { Target } from './targets/target.ts';

/**
 * Points one target at the ARN that holds the desired version, and leaves it awaiting proof. What was
 * there is in the record before it is taken away.
 * @throws CertkeepError NamesWouldBeLost, ListenerFull, ListenerRefused, ListenerNotFound
 */
export async function rebind(run: DeployRun, target: Target, arn: string): Promise<void> {
  const record = await readRun(run);
  // An import may have taken a minute: what somebody bound meanwhile is seen here.
  const view = await target.look();
  const look = { target, view };
  const leftovers = leftoversIn(record, run, look, arn);
  if (isBound(view, arn) && leftovers.length === 0) {
    if (!isSettled(deploymentOf(record, run, target.key), arn)) await confirm(run, look, arn);
    return;
  }
  const replaced = await replacedBy(run, record, look, leftovers);
  const lost = uncoveredNames(replaced?.namesToKeep ?? [], run.version.names);
  if (lost.length > 0) {
    throw new CertkeepError(
      'NamesWouldBeLost',
      `${view.name} would no longer serve ${lost.join(', ')}, which ${replaced?.arn} has`,
    );
  }
  const answers = await askEndpoint(run.probe, view.endpoint, run.version.names);
  const intent = {
    arn,
    previous: previousOf(replaced),
    baselineSerial: servedSerial(answers),
    isAdded: view.replacedArn === null,
  };
  await updateRun(run, (current) => withIntent(current, run, target.key, intent));
  for (const old of replaced ? [replaced.arn, ...leftovers.slice(1)] : [null]) {
    await target.bind(arn, old);
  }
  const after = await target.look();
  if (!isBound(after, arn)) {
    throw new CertkeepError(
      'ListenerRefused',
      `${view.name} does not hold ${arn} after the change`,
    );
  }
  await confirm(run, look, arn);
  run.log.info('listener rebound', {
    stage: 'rebind',
    certificate: run.certificate.id,
    outcome: 'bound',
    target: view.name,
    arn,
    previous: replaced?.arn ?? null,
  });
}

/** In an SNI list: certificates of ours, from ARNs used before, that would go on beside the new one. */
function leftoversIn(
  record: CertificateRecord,
  run: DeployRun,
  { view }: Look,
  arn: string,
): readonly string[] {
  if (view.replacedArn !== null) return [];
  const retired = (record.imports[run.place]?.retired ?? []).map((each) => each.arn);
  return view.arns.filter((held) => held !== arn && retired.includes(held));
}

/** Bound, confirmed and left to verify: nothing to do. */
function isSettled(deployment: Deployment | null, arn: string): boolean {
  if (deployment?.arn !== arn || deployment.nextProbeAt === null) return false;
  return ['awaiting-proof', 'proven', 'unknown'].includes(deployment.state);
}

async function confirm(run: DeployRun, look: Look, arn: string): Promise<void> {
  await updateRun(run, (record) => withConfirmed(record, run, look, arn));
}

type Replaced = {
  readonly arn: string;
  readonly versionId: string | null;
  readonly notAfter: Date | null;
  /** The names that the new certificate must cover; none where the old one is an earlier version of ours. */
  readonly namesToKeep: readonly string[];
};

async function replacedBy(
  run: DeployRun,
  record: CertificateRecord,
  look: Look,
  leftovers: readonly string[],
): Promise<Replaced | null> {
  const arn = look.view.replacedArn ?? leftovers[0] ?? null;
  if (arn === null) return null;
  const held = isAcmArn(arn) ? await run.acm.describe(arn) : null;
  const version = held && versionHeld(record, held);
  // A name that leaves our own certificate leaves it because the configuration says so.
  if (version) {
    return { arn, versionId: version.id, notAfter: new Date(version.notAfter), namesToKeep: [] };
  }
  const shown = held ?? (await presentedDefault(run, look));
  return { arn, versionId: null, notAfter: shown.notAfter, namesToKeep: shown.names };
}

/**
 * The certificate of a listener that is not in ACM (an IAM server certificate): what the endpoint presents
 * for its own host name, which no certificate of ours in an SNI list has.
 * @throws CertkeepError NamesWouldBeLost when nothing can be read
 */
async function presentedDefault(
  run: DeployRun,
  { view }: Look,
): Promise<Pick<HeldCertificate, 'names' | 'notAfter'>> {
  const { endpoint } = view;
  const answers = await run.probe({ ...endpoint, servername: endpoint.host });
  const answered = answers.find(
    (answer): answer is Extract<ProbeAnswer, { outcome: 'answered' }> =>
      answer.outcome === 'answered',
  );
  if (answered) return answered;
  throw new CertkeepError(
    'NamesWouldBeLost',
    `the names of the certificate at ${view.name} are in neither ACM nor an answer of the endpoint`,
  );
}

function previousOf(replaced: Replaced | null): Deployment['previous'] {
  if (!replaced) return null;
  const { arn, versionId, notAfter } = replaced;
  return { arn, versionId, notAfter: notAfter?.toISOString() ?? null };
}
