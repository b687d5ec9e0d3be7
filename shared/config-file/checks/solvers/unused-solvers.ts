import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { type ChallengeType, usuallyOffered } from '#shared/solvers/challenge-type.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';

/** Warns of a solver that proves no name, since it has rights all the same. */
export function solversAreUsed(draft: Draft): readonly Finding[] {
  const { solvers, certificates } = draft;
  if (solvers === null || solvers.length < 2 || certificates.length === 0) return [];
  const select = solverSelection(solvers, challengeOf);
  const used = new Set(
    certificates.flatMap((certificate) =>
      certificate.names.flatMap(({ value: name }) =>
        offersFor(name, certificate, draft).map((offered) => select(name, offered)),
      ),
    ),
  );
  return solvers.flatMap((solver, at) => {
    if (used.has(solver)) return [];
    const rival = solver.selector ? undefined : solvers.findIndex((other) => !other.selector);
    const why =
      rival !== undefined && rival < at
        ? `solvers[${rival}] is the default before it`
        : 'no name of a certificate is left for it';
    return [
      {
        path: ['solvers', at],
        value: '',
        message: `is never used: ${why}. certkeep gets the rights for it all the same`,
        fix: 'Remove it, or give it a selector that covers names of a certificate.',
      },
    ];
  });
}

/** An unknown CA may offer only one kind of challenge. */
function offersFor(
  name: string,
  { issuers }: CertificateDraft,
  { issuerConfigs }: Draft,
): readonly (readonly ChallengeType[])[] {
  const usual = usuallyOffered(name);
  const isKnown = issuers.every(({ value }) => {
    const issuer = issuerConfigs.get(value);
    return issuer !== undefined && knownDirectory(issuer.directory) !== null;
  });
  return isKnown ? [usual] : [usual, ...usual.map((type) => [type])];
}
