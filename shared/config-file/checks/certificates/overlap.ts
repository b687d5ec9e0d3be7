import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';
import { coveringWildcard } from '../../names.ts';

/** Boulder refuses such an order as redundant (`wildcardOverlap`), and counts it against the rate limit. */
export function wildcardsDoNotOverlap({ certificates }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { id, names } of certificates) {
    const written = new Set(names.map(({ value }) => value));
    for (const { at, value: name } of names) {
      const wildcard = coveringWildcard(name);
      if (name.startsWith('*.') || !written.has(wildcard)) continue;
      findings.push({
        path: ['certificates', id, 'names', at],
        message: `is covered by "${wildcard}" of the same certificate`,
        fix: 'Remove this name: the wildcard serves it.',
      });
    }
  }
  return findings;
}

/** certkeep merges repeated names, but they may be a sign of a mistake. */
export function repeatedNames({ certificates }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { id, names } of certificates) {
    const seen = new Set<string>();
    for (const { at, value: name } of names) {
      if (seen.has(name)) {
        findings.push({
          path: ['certificates', id, 'names', at],
          message: `is the same name as "${name}" above and counts once`,
          fix: 'Remove this line.',
        });
      }
      seen.add(name);
    }
  }
  return findings;
}
