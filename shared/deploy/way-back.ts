import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record.ts';
import { isAcmArn } from './acm.ts';
import { lasts } from './before.ts';
import { type DeployRun, isBound } from './run.ts';
import type { TargetView } from './targets/target.ts';

/** Why a target stays as it is although its endpoint contradicts the change. */
export class NoWayBack extends Error {
  told(detail: string): CertkeepError {
    return new CertkeepError('EndpointContradicted', `${detail}; not put back: ${this.message}`);
  }
}

export type WayBack =
  /** The ARN stays on the listeners and gets its earlier version again: all that have it go back. */
  | {
      readonly way: 'reimport';
      readonly arn: string;
      readonly versionId: string;
      readonly keys: readonly string[];
    }
  | {
      readonly way: 'bind';
      readonly arn: string;
      readonly instead: string;
      readonly keys: readonly string[];
    }
  /** There was nothing before: the certificate leaves the SNI list. */
  | { readonly way: 'unbind'; readonly arn: string; readonly keys: readonly string[] };

type Contradicted = {
  readonly key: string;
  readonly deployment: Deployment;
  readonly view: TargetView;
};

/**
 * How a target gets back what it held before, as ACM and the listener are now. `run.version` is the
 * contradicted one. @throws NoWayBack
 */
export async function wayBackOf(
  run: DeployRun,
  record: CertificateRecord,
  { key, deployment, view }: Contradicted,
): Promise<WayBack> {
  const { arn, previous, baselineSerial } = deployment;
  if (arn === null) throw new NoWayBack('nothing was bound');
  if (!previous) {
    const isAdded = view.replacedArn === null;
    if (isAdded && baselineSerial !== null) return { way: 'unbind', arn, keys: [key] };
    throw new NoWayBack('what was there before is not known');
  }
  // An earlier run may have put it back without writing so.
  if (!isBound(view, arn) && !isBound(view, previous.arn)) {
    throw new NoWayBack(`somebody else has bound ${view.arns.join(', ')} since`);
  }
  if (previous.arn === arn) return reimportOf(run, record, deployment, previous.versionId);
  const notAfter = await endOf(run, previous);
  if (!notAfter) throw new NoWayBack('when the previous certificate ends is not known');
  if (!lasts({ notAfter }, run.clock.now())) throw endsSoon();
  return { way: 'bind', arn: previous.arn, instead: arn, keys: [key] };
}

async function reimportOf(
  run: DeployRun,
  record: CertificateRecord,
  deployment: Deployment,
  previousVersionId: string | null,
): Promise<WayBack> {
  const arn = deployment.arn as string;
  if (!previousVersionId) throw new NoWayBack('nobody has the key of the previous certificate');
  const version = record.versions.find(({ id }) => id === previousVersionId);
  if (!version) throw new NoWayBack(`version ${previousVersionId} is not in the record`);
  if (!lasts(version, run.clock.now())) throw endsSoon();
  const held = await run.acm.describe(arn);
  // A newer version, or somebody else's import: not ours to take away.
  if (held?.serial !== run.version.serial && held?.serial !== version.serial) {
    throw new NoWayBack(`${arn} holds serial ${held?.serial ?? 'none'} since`);
  }
  const sharing = Object.entries(record.deployments).filter(
    ([, other]) => other.arn === arn && other.versionId === deployment.versionId,
  );
  if (sharing.some(([, other]) => other.provenAt !== null)) {
    throw new NoWayBack('other targets prove that the same certificate is served');
  }
  const keys = sharing.map(([each]) => each);
  return { way: 'reimport', arn, versionId: previousVersionId, keys };
}

/** Its owner may have renewed or deleted it since; of an IAM server certificate only the record knows. */
async function endOf(
  run: DeployRun,
  { arn, notAfter }: NonNullable<Deployment['previous']>,
): Promise<string | null> {
  if (!isAcmArn(arn)) return notAfter;
  const held = await run.acm.describe(arn);
  if (!held) throw new NoWayBack(`${arn} is gone`);
  return held.notAfter?.toISOString() ?? null;
}

function endsSoon(): NoWayBack {
  return new NoWayBack('the previous certificate ends within a day');
}
