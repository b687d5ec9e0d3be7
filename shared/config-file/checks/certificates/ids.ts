import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';
import { printable } from '../../messages/problem.ts';

export const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The schema cannot check ids, since zod stops reading an entry whose key is wrong. */
export function idsAreUsable({ certificates, issuers }: Draft): readonly Finding[] {
  return [
    ...[...issuers].map((id) => ['issuers', id] as const),
    ...certificates.map(({ id }) => ['certificates', id] as const),
  ]
    .filter(([, id]) => !idPattern.test(id))
    .map((path) => ({
      path,
      value: printable(path[1]),
      message: 'is not usable as a name here',
      fix: 'Use 1 to 63 lower-case letters, digits and hyphens, the first not a hyphen.',
    }));
}

/** The second certificate of an entry with two keys has a name of its own. */
export function secondIdsAreFree({ certificates }: Draft): readonly Finding[] {
  const entries = new Set(certificates.map(({ entry }) => entry));
  return certificates
    .filter(({ id, entry }) => id !== entry && entries.has(id))
    .map(({ id, entry }) => ({
      path: ['certificates', entry, 'key'],
      message: `makes a second certificate ${id}, and an entry has that name`,
      fix: `Give the entry ${id} another name, or leave its names to ${entry}.`,
    }));
}
