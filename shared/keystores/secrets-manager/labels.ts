import { versionToken } from './material.ts';

export const currentLabel = 'AWSCURRENT';
/** On the key of the attempt under way. */
export const pendingLabel = 'certkeep-pending';

const labelPrefix = 'certkeep-';

/** Keeps a version from being deleted: Secrets Manager may purge versions without a label. */
export function versionLabel(versionId: string): string {
  return `${labelPrefix}${versionId}`;
}

/** The ids of the versions that have a label of their own. */
export function labelledVersions(
  labels: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return Object.values(labels)
    .flat()
    .filter((label) => label.startsWith(labelPrefix) && label !== pendingLabel)
    .map((label) => label.slice(labelPrefix.length));
}

export type LabelMove = {
  readonly label: string;
  readonly from: string | null;
  readonly to: string | null;
};

/**
 * The moves that are left until `versionId` is AWSCURRENT and only kept versions have labels of their
 * own; none when it is all done. AWSPREVIOUS follows AWSCURRENT by itself. A pending key of another
 * attempt is left alone.
 */
export function movesToPromote(
  certificate: string,
  versionId: string,
  keep: readonly string[],
  labels: Readonly<Record<string, readonly string[]>>,
): readonly LabelMove[] {
  const holder = (label: string) =>
    Object.keys(labels).find((token) => labels[token]?.includes(label)) ?? null;
  const token = versionToken(certificate, versionId, 'full');
  const keyToken = versionToken(certificate, versionId, 'key');
  const moves: LabelMove[] = [];
  // Its own label first: from here on no purge can take it.
  for (const label of [versionLabel(versionId), currentLabel]) {
    const from = holder(label);
    if (from !== token) moves.push({ label, from, to: token });
  }
  if (holder(pendingLabel) === keyToken) {
    moves.push({ label: pendingLabel, from: keyToken, to: null });
  }
  return [...moves, ...movesToDrop([...keep, versionId], labels)];
}

/** Takes the labels of versions away that are kept no longer; a pending key and other people's labels stay. */
export function movesToDrop(
  keep: readonly string[],
  labels: Readonly<Record<string, readonly string[]>>,
): readonly LabelMove[] {
  const kept = new Set(keep.map(versionLabel)).add(pendingLabel);
  return Object.entries(labels).flatMap(([from, own]) =>
    own
      .filter((label) => label.startsWith(labelPrefix) && !kept.has(label))
      .map((label) => ({ label, from, to: null })),
  );
}
