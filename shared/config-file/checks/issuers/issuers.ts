import type { Finding } from '#shared/schema/finding.ts';
import { nearest } from '#shared/text/suggest.ts';
import type { Draft } from '../../draft.ts';
import { printable } from '../../messages/problem.ts';

export function issuersExist({ certificates, issuers }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { path, value: issuer } of certificates.flatMap((each) => each.issuers)) {
    if (issuer === '' || issuers.has(issuer)) continue;
    findings.push({
      path,
      message: 'is not one of the issuers of this file',
      fix: fixFor(issuer, issuers),
    });
  }
  return findings;
}

function fixFor(issuer: string, issuers: ReadonlySet<string>): string {
  // In a file full of wrong names, this must not cost names times issuers.
  const meant = issuers.size > 100 ? null : nearest(issuer, issuers);
  if (meant) return `Did you mean "${printable(meant)}"?`;
  if (issuers.size === 0) return 'Describe it under "issuers:".';
  const known = [...issuers].slice(0, 5).map(printable).join(', ');
  return `Describe it under "issuers:", or use one that is there: ${known}.`;
}
