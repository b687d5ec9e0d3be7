import { affectedIds, byId } from './affected.ts';
import { type Cause, causeOf } from './cause.ts';
import { certificateDifferences } from './certificates.ts';
import type { Compared, Difference } from './difference.ts';
import { installationDifferences } from './installation.ts';
import { issuerDifferences, placeDifferences, solverDifferences } from './shared-parts.ts';

/** All that a deployment of the file would change, and the orders that this causes. */
export type Differences = {
  readonly changes: readonly Difference[];
  readonly causes: readonly (Cause & { readonly order: NonNullable<Cause['order']> })[];
};

/** Compares two configurations, as the records of the certificates make it matter. Pure. */
export function differences(compared: Compared): Differences {
  const { deployed, wanted } = compared;
  const ids = affectedIds(deployed, wanted);
  const kept = byId(wanted);
  const causes = ids.flatMap((id) => {
    const certificate = kept.get(id);
    return certificate ? [causeOf(compared, certificate)] : [];
  });
  const changes = [
    ...together(ids.flatMap((id) => certificateDifferences(compared, id))),
    ...placeDifferences(deployed, wanted),
    ...(deployed
      ? [
          ...issuerDifferences(deployed, wanted, causes),
          ...solverDifferences(deployed, wanted),
          ...installationDifferences(deployed, wanted),
        ]
      : []),
  ];
  return { changes, causes: causes.filter(hasOrder) };
}

function hasOrder(cause: Cause): cause is Differences['causes'][number] {
  return cause.order !== null;
}

/** The same change of many certificates is one. */
function together(all: readonly Difference[]): readonly Difference[] {
  const groups = Map.groupBy(all, ({ certificates, effect, kind, sign, text, what }) => {
    const own = what === certificates[0] && sign === '~' ? '' : what;
    return JSON.stringify([sign, kind, own, text, effect]);
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length === 1) return group;
    const certificates = group.flatMap((each) => each.certificates);
    return [{ ...first, certificates, what: manyText(certificates) }];
  });
}

/** So many ids fit into a line. */
const mostNamed = 3;

function manyText(ids: readonly string[]): string {
  return ids.length > mostNamed ? `${ids.length} certificates` : ids.join(', ');
}
