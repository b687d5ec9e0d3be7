import type { Config } from '#shared/config/config.ts';
import { registeredDomain } from '#shared/config-file/names.ts';
import { usuallyOffered } from '#shared/solvers/challenge-type.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';

/** A name of a certificate, and the solver that will prove it. */
export type ProvenName = {
  readonly name: string;
  readonly domain: string;
  readonly solver: SolverConfig;
  readonly issuers: readonly string[];
};

/** Every name of the file, once, with the issuers of all certificates that have it. */
export function provenNames({ certificates, solvers }: Config): readonly ProvenName[] {
  const select = solverSelection(solvers, challengeOf);
  const issuersOf = new Map<string, Set<string>>();
  for (const { issuers, names } of certificates) {
    for (const name of names) {
      const known = issuersOf.get(name) ?? new Set();
      for (const issuer of issuers) known.add(issuer);
      issuersOf.set(name, known);
    }
  }
  return [...issuersOf].flatMap(([name, issuers]) => {
    const solver = select(name, usuallyOffered(name));
    if (!solver) return [];
    return [{ name, domain: registeredDomain(name), solver, issuers: [...issuers] }];
  });
}

/** The names of each registered domain. */
export function byDomain(
  names: readonly ProvenName[],
): readonly (readonly [domain: string, names: readonly ProvenName[]])[] {
  return [...Map.groupBy(names, ({ domain }) => domain)];
}

/** `shop.example.com, www.example.com and 3 more` */
export function listedNames(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
