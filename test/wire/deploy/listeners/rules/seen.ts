import type { X509Certificate } from 'node:crypto';
import { familyOf as keyFamilyOf } from '#shared/key-algorithm.ts';
import { desiredVersion, type Version } from '#shared/ledger/record/record.ts';
import type { Acted } from '../acted.ts';
import { familyOf, type Handshaken, ownNames, type Scene } from '../scene.ts';

export function versionOf({ record }: Acted): Version {
  return desiredVersion(record) as Version;
}

export function isOwnClient({ family }: Handshaken, version: Version): boolean {
  return family === keyFamilyOf(version.keyAlgorithm);
}

export function ofOurs({ story }: Scene, seen: readonly Handshaken[]): readonly Handshaken[] {
  const own = ownNames(story);
  return seen.filter(({ name }) => name !== null && own.includes(name));
}

export function isExpired({ lab }: Scene, leaf: X509Certificate | null): boolean {
  return leaf !== null && leaf.validToDate <= lab.clock.now();
}

/** As the record has it. */
export function serialOf(leaf: X509Certificate | null): string | null {
  return leaf?.serialNumber ?? null;
}

export function shown({ name, family, leaf }: Handshaken): string {
  const who = family === null ? 'every client' : `a client of ${family}`;
  return `${who} gets ${leaf ? textOf(leaf) : 'nothing'} for ${name ?? 'no name'}`;
}

export function textOf(leaf: X509Certificate): string {
  return `${leaf.subjectAltName} (${familyOf(leaf)}, until ${leaf.validTo})`;
}

export function named({ foreign, story }: Scene, arn: string | null): string {
  const at = foreign.indexOf(arn ?? '');
  const each = story.foreign[at];
  return each ? `certificate ${at} (${each.names}, ${each.key}, ends ${each.ends})` : `${arn}`;
}

export function replacedBefore({ allChanges }: Acted): ReadonlySet<string | null> {
  const replacing = allChanges.filter(({ operation }) => /^(Modify|Set)/.test(operation));
  return new Set(replacing.map(({ was }) => was.default));
}

/** What we have replaced is not there either once somebody has replaced ours. */
export function notReplaced(scene: Scene, acted: Acted, would: Handshaken | undefined) {
  const { lab } = scene;
  const replaced = [...replacedBefore(acted)].filter((arn) => arn !== null);
  const serials = replaced.map(
    (arn) => lab.certificates.find(arn)?.material.latest().leaf.serialNumber,
  );
  const isGone = acted.isTouched && serials.includes(would?.leaf?.serialNumber);
  return isGone ? null : would?.leaf;
}
