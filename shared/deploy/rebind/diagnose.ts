import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { answeringRival } from '../choice/hold-back.ts';
import { shadowing } from '../choice/shadowed.ts';
import { contradiction } from '../import/look-alike.ts';
import type { HeldAt } from '../import/replaced.ts';
import { type Change, type DeployRun, deploymentOf, type Look } from '../run.ts';
import { withConfirmed } from './intent.ts';

/**
 * A listener holds what it is to hold. Where its endpoint serves something else all the same, the certificate
 * that answers is looked for: binding once more would change nothing.
 */
export async function diagnose(
  run: DeployRun,
  record: CertificateRecord,
  { look, arn, heldAt }: { readonly look: Look; readonly arn: string; readonly heldAt: HeldAt },
): Promise<Change> {
  const { target, view } = look;
  const deployment = deploymentOf(record, run, target.key);
  if (isContradicted(deployment)) {
    const rival = await answeringRival(run, { look, arn, heldAt });
    if (rival) return shadowing(run, look, rival);
    const detail = deployment.probe?.detail ?? 'the endpoint serves another certificate';
    const why = `${detail}, although ${view.name} holds ${arn}`;
    return shadowing(run, look, contradiction(deployment, run.version, why, { once: detail }));
  }
  const at = run.clock.now();
  return (current) => withConfirmed(current, run, { key: target.key, arn, view, at });
}

function isContradicted(deployment: Deployment | null): deployment is Deployment {
  return deployment?.state === 'contradicted';
}
