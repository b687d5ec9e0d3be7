import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';
import { authorityAt, authorityNear } from './known-authorities.ts';

/** The bare host of a CA answers with a web page, so the first order would fail. */
export function directoriesHavePaths({ issuerConfigs }: Draft): readonly Finding[] {
  return [...issuerConfigs].flatMap(([id, { directory }]) => {
    const at = authorityAt(directory);
    if (!at || (URL.parse(directory)?.pathname ?? '/') !== '/') return [];
    return [
      {
        path: ['issuers', id, 'directory'],
        message: `is the host of ${at.known.title} without the path of its directory`,
        fix: `Write "directory: ${at.name}", or ${at.known.url}.`,
      },
    ];
  });
}

/** A CA may have directories that we do not know; our facts about the others do not apply to them. */
export function directoriesAreKnown({ issuerConfigs }: Draft): readonly Finding[] {
  return [...issuerConfigs].flatMap(([id, { directory }]) => {
    const at = authorityAt(directory);
    const near = at ?? authorityNear(directory);
    if (!near || knownDirectory(directory)) return [];
    return [
      {
        path: ['issuers', id, 'directory'],
        message: `is at ${at ? 'the' : 'another'} host of ${near.known.title}, and no directory of it that certkeep knows: its limits are not known either`,
        fix: `Did you mean "${near.name}"? Otherwise nothing.`,
      },
    ];
  });
}

/** Two issuers of one CA fail together. */
export function issuersDiffer({ issuerConfigs, certificates }: Draft): readonly Finding[] {
  return certificates.flatMap(({ issuers }) => {
    const seen = new Map<string, string>();
    return issuers.flatMap(({ path, value }) => {
      const issuer = issuerConfigs.get(value);
      const key = JSON.stringify([issuer?.directory ?? value, issuer?.profile ?? '']);
      const earlier = seen.get(key);
      seen.set(key, value);
      if (earlier === undefined) return [];
      const message =
        earlier === value
          ? 'is listed twice, and counts once'
          : `is the same CA as ${earlier}, and fails when that does`;
      return [{ path, message, fix: 'Remove it, or write an issuer of another CA.' }];
    });
  });
}
