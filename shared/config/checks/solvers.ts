import { knownDirectory } from '#shared/acquire/issuers/acme/directories.ts';
import { solverSelection } from '#shared/acquire/solvers/select.ts';
import type { CertificateDraft, Draft } from '../draft.ts';
import type { Finding } from '../problem.ts';

export function solversCoverNames(draft: Draft): readonly Finding[] {
  const { solvers, certificates } = draft;
  if (solvers === null) return [];
  const select = solverSelection(solvers);
  const proven = certificates.filter((certificate) => !isPreApproved(certificate, draft));
  return proven.flatMap(({ id, names }) =>
    names
      .filter(({ value: name }) => select(name) === null)
      .map(({ at }) => ({
        path: ['certificates', id, 'names', at],
        message: 'has no solver: the selector of none covers it',
        fix: 'Add the name or its zone to a selector, or a solver without selector as the default.',
      })),
  );
}

/** ACM's own endpoints issue for names that were approved there, and ask for no proof. */
function isPreApproved({ issuers }: CertificateDraft, { issuerConfigs }: Draft): boolean {
  return (
    issuers.length > 0 &&
    issuers.every(({ value: name }) => {
      const issuer = issuerConfigs.get(name);
      return issuer !== undefined && knownDirectory(issuer.directory)?.preApproved === true;
    })
  );
}
