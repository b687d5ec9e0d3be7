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
