import type { Change } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Target } from '#shared/targets/target.ts';
import type { DeployContext, Look } from '../context.ts';
import * as deployment from '../deployment.ts';
import { deploymentOf, isNoted } from '../deployment-questions.ts';
import { type HeldAt, heldOnce } from '../import/held-once.ts';
import { replacedAt } from '../import/replaced.ts';
import { servedNow } from '../probe/ask.ts';
import { failing } from '../record-failure.ts';

import { isBound, replacedDefault } from './arrangement.ts';
import { checkIssuer } from './checks/issuer.ts';
import { keepAliases } from './checks/keep-aliases.ts';
import { checkStaging } from './checks/staging.ts';
import { failureOf, lookAt } from './look.ts';
import { servedAt } from './served-at.ts';

/**
 * Writes down what a group of targets holds, before an import that may change what they serve: onto an ARN that they have,
 * or over a certificate that is adopted. A target with a note for this version is not looked at again. `arn` is the one to
 * import onto, where it is known. Returns the error of a place that cannot be reached.
 */
export async function note(
  run: DeployContext,
  targets: readonly Target[],
  arn: string | null,
): Promise<unknown> {
  const { looks, changes, unreachable } = await lookAt(run, targets);
  if (unreachable) return unreachable;
  const record = await run.mine.read();
  const heldAt = heldOnce(run.acm, record);
  const noted = looks.map((look) => noteOf(run, record, { look, arn, heldAt }));
  await run.mine.updateAll([...changes, ...(await Promise.all(noted))]);
  return null;
}

async function noteOf(
  run: DeployContext,
  record: CertificateRecord,
  given: { readonly look: Look; readonly arn: string | null; readonly heldAt: HeldAt },
): Promise<Change> {
  const { look, arn, heldAt } = given;
  const { target, view } = look;
  try {
    keepAliases(run, look);
    // An import onto an ARN that a listener holds changes what it serves.
    await checkStaging(run, record, look);
    const listener = { ...view, position: target.position };
    const held = arn !== null && isBound(listener, arn) ? arn : replacedDefault(listener, arn);
    const replaced =
      held === null ? null : await replacedAt(run, record, { look, arn: held, heldAt });
    const previousId = replaced?.versionId ?? null;
    const isImportedOver = held !== null && held === arn;
    checkIssuer(record, { view, version: run.version, previousId, isImportedOver });
    const intent = {
      arn,
      previous: replaced?.previous ?? null,
      ...(await servedNow(run.probe, view.endpoint, run.version)),
      isAdded: target.position === 'sni',
    };
    const { key } = target;
    return (current) =>
      deployment.intended(current, run, { key, intent, view, at: run.clock.now() });
  } catch (error) {
    const served = await servedAt(run, [look]);
    return failing(run, { ...failureOf(target.key, view.name, error), served });
  }
}

/** Returns what the targets with a note for this version hold; a note about a missing certificate says nothing. */
export async function notedArns(
  record: CertificateRecord,
  run: DeployContext,
): Promise<readonly string[]> {
  const arns = await Promise.all(
    run.targets.map(async (target) => {
      const known = deploymentOf(record, run, target.key);
      const arn = isNoted(known) ? known.previous?.arn : undefined;
      if (arn === undefined) return [];
      const held = await target.readHeld();
      return [held.default, ...held.list].includes(arn) ? [arn] : [];
    }),
  );
  return [...new Set(arns.flat())];
}

/**
 * The import onto `arn` has changed what its targets serve, and nothing is left to do for them: their notes say that they
 * had it. Targets that may still list an earlier ARN of ours are looked at instead.
 */
export async function confirmNoted(run: DeployContext, arn: string): Promise<void> {
  const at = run.clock.now();
  await run.mine.updateAll([
    (record) => {
      if ((record.imports[run.place]?.retired ?? []).length > 0) return record;
      const confirmed = run.targets.filter(({ key }) => {
        const known = deploymentOf(record, run, key);
        return isNoted(known) && known.previous?.arn === arn;
      });
      return confirmed.reduce(
        (all, { key }) => deployment.confirmed(all, run, { key, arn, at }),
        record,
      );
    },
  ]);
}
