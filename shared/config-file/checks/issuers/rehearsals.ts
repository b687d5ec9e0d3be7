import { isPublicCa, knownDirectory } from '#shared/issuers/acme/directories.ts';
import { sameDirectory } from '#shared/issuers/same-directory.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

/** A rehearsal takes nothing of the limits of the CA: it happens at another directory. */
export function rehearsalsAreElsewhere({ issuerConfigs }: Draft): readonly Finding[] {
  return [...issuerConfigs].flatMap(([name, issuer]) => {
    const message = whyNot(issuer);
    if (!message) return [];
    const path = ['issuers', name, 'rehearsal'];
    const fix = 'Write "directory:" and the URL of the staging directory of the CA.';
    return [{ path, value: issuer.rehearsal?.directory ?? '', message, fix }];
  });
}

function whyNot({ directory: own, rehearsal }: IssuerConfig): string | null {
  if (!rehearsal) return null;
  const known = knownDirectory(own);
  const directory = rehearsal.directory ?? known?.rehearsal;
  if (directory === undefined) {
    return `names no directory, and certkeep knows no staging directory of ${known?.title ?? own}`;
  }
  if (sameDirectory(directory, own)) return 'is the directory of the issuer itself';
  const elsewhere = knownDirectory(directory);
  if (!isPublicCa(directory) || elsewhere?.staging) return null;
  return `is a directory of ${elsewhere?.title}, where orders count`;
}
