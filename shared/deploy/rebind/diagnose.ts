import type { Change } from '#shared/ledger/lease.ts';
import type { Deployment } from '#shared/ledger/record/record.ts';
import { answeringRival } from '../choice/hold-back.ts';
import { shadowing } from '../choice/shadowed.ts';
import type { DeployContext, Look } from '../context.ts';
import * as deployment from '../deployment.ts';
import type { HeldAt } from '../import/held-once.ts';
import { contradiction } from '../import/look-alike.ts';

/**
 * Runs where a listener is correct. If its endpoint still serves something else, this looks for the certificate that
 * answers: binding once more would change nothing.
 */
export async function diagnose(
  run: DeployContext,
  {
    look,
    arn,
    heldAt,
    known,
  }: {
    readonly look: Look;
    readonly arn: string;
    readonly heldAt: HeldAt;
    readonly known: Deployment | null;
  },
): Promise<Change> {
  const { target, view } = look;
  if (isContradicted(known)) {
    const rival = await answeringRival(run, { look, arn, heldAt });
    if (rival) return shadowing(run, look, rival);
    const detail = known.probe?.detail ?? 'the endpoint serves another certificate';
    const why = `${detail}, although ${view.name} holds ${arn}`;
    return shadowing(run, look, contradiction(known, run.version, why, { once: detail }));
  }
  const at = run.clock.now();
  return (current) => deployment.confirmed(current, run, { key: target.key, arn, view, at });
}

function isContradicted(deployment: Deployment | null): deployment is Deployment {
  return deployment?.state === 'contradicted';
}
