import { createHash } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';

/**
 * Returns a comparable text for the configuration outside the certificate's own lines on which an attempt depends: a digest
 * for its limits, a hyphen, and a digest of its issuers and of the solvers that prove its names.
 */
export function configurationOf(
  config: Pick<Config, 'issuers' | 'solvers'>,
  { issuers, names }: Pick<CertificateConfig, 'issuers' | 'names'>,
): string {
  const asked = issuers.map((name) => config.issuers[name]);
  const limited = asked.map((issuer) => [
    issuer?.directory,
    issuer?.externalAccountBinding,
    issuer?.limits,
  ]);
  return `${digest(limited)}-${digest([asked, usedSolvers(config.solvers, names)])}`;
}

/** Says whether two configurations share their limits: the same CAs, accounts and configured limits. */
export function sameLimits(configuration: string, other: string): boolean {
  return configuration.split('-', 1)[0] === other.split('-', 1)[0];
}

function usedSolvers(solvers: Config['solvers'], names: readonly string[]) {
  const select = selectionOf(solvers);
  const used = names.flatMap((name) => [select(name, ['dns-01']), select(name, ['http-01'])]);
  return [...new Set(used)];
}

/** Caches one selection for all certificates of a configuration. */
const selections = new WeakMap<Config['solvers'], Selection>();
type Selection = ReturnType<typeof solverSelection<Config['solvers'][number]>>;

function selectionOf(solvers: Config['solvers']): Selection {
  const known = selections.get(solvers) ?? solverSelection(solvers, challengeOf);
  selections.set(solvers, known);
  return known;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
