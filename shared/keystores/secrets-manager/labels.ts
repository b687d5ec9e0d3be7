import { versionToken } from './material.ts';

export const currentLabel = 'AWSCURRENT';
/** Labels the key of the current attempt. */
export const pendingLabel = 'certkeep-pending';

const labelPrefix = 'certkeep-';

/** The label that keeps a version: Secrets Manager may delete versions without labels. */
export function versionLabel(versionId: string): string {
  return `${labelPrefix}${versionId}`;
}

/** The ids of the versions that carry their own label. */
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
 * The label moves that are left until `versionId` is AWSCURRENT and only kept versions have their own labels; none when all
 * is done. AWSPREVIOUS follows AWSCURRENT by itself. The pending key of another attempt stays.
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
  // The version's own label comes first, so that Secrets Manager cannot delete it from here on.
  for (const label of [versionLabel(versionId), currentLabel]) {
    const from = holder(label);
    if (from !== token) moves.push({ label, from, to: token });
  }
  if (holder(pendingLabel) === keyToken) {
    moves.push({ label: pendingLabel, from: keyToken, to: null });
  }
  return [...moves, ...movesToDrop([...keep, versionId], labels)];
}

/** The label moves that are left until the key with this token is the current one of an account. */
export function movesToPromoteAccount(
  token: string,
  labels: Readonly<Record<string, readonly string[]>>,
): readonly LabelMove[] {
  const holds = (each: string, label: string) => labels[each]?.includes(label) ?? false;
  const current = Object.keys(labels).find((each) => holds(each, currentLabel)) ?? null;
  return [
    ...(current === token ? [] : [{ label: currentLabel, from: current, to: token }]),
    ...(holds(token, pendingLabel) ? [{ label: pendingLabel, from: token, to: null }] : []),
  ];
}

/** Removes the labels of versions that are no longer kept. A pending key and other people's labels stay. */
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
