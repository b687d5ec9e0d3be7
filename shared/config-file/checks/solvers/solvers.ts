import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { usuallyOffered } from '#shared/solvers/challenge-type.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';

export function solversCoverNames(draft: Draft): readonly Finding[] {
  const { solvers, certificates } = draft;
  if (solvers === null) return [];
  const select = solverSelection(solvers, challengeOf);
  const proven = certificates.filter((certificate) => !isPreApproved(certificate, draft));
  return proven.flatMap(({ id, names }) =>
    names
      .filter(({ value: name }) => select(name, usuallyOffered(name)) === null)
      .map(({ at, value: name }) => {
        const path = ['certificates', id, 'names', at];
        const unfit = select(name);
        if (unfit) {
          return {
            path,
            message: `is a wildcard, but solvers[${solvers.indexOf(unfit)}], which would prove it, answers over HTTP: CAs validate wildcards only through DNS`,
            fix: 'Add a solver that answers through DNS and covers it, or list the names one by one.',
          };
        }
        return {
          path,
          message: 'has no solver: no selector covers it',
          fix: 'Add the name or its zone to a selector, or a solver without selector as the default.',
        };
      }),
  );
}

/** ACM's own endpoints issue for names that were approved there, and require no proof. */
function isPreApproved({ issuers }: CertificateDraft, { issuerConfigs }: Draft): boolean {
  return (
    issuers.length > 0 &&
    issuers.every(({ value: name }) => {
      const issuer = issuerConfigs.get(name);
      return issuer !== undefined && knownDirectory(issuer.directory)?.preApproved === true;
    })
  );
}
