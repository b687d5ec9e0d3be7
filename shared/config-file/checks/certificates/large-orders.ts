import type { Finding } from '#shared/schema/finding.ts';
import { usuallyOffered } from '#shared/solvers/challenge-type.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';

/**
 * "Rules per Application Load Balancer (not counting default rules)", adjustable:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
 */
const rulesOfBalancer = 100;
/** The number of rules that a load balancer usually has for itself. */
const rulesOfOthers = 10;

/** Checks that the listener has room for the rules of all names of a certificate, which exist at the same time. */
export function rulesHaveRoom(draft: Draft): readonly Finding[] {
  return solvedIn(draft).flatMap(({ id, solver, names }) => {
    if (solver.type !== 'alb-http01' || solver.rule === 'permanent') return [];
    if (names + rulesOfOthers <= rulesOfBalancer) return [];
    return [
      {
        path: ['certificates', id, 'names'],
        value: id,
        message: `needs ${names} temporary rules at once on ${solver.listener}; its load balancer allows ${rulesOfBalancer}, including those of others, unless its quota is higher`,
        fix: 'Set rule: permanent on the solver, or ask Service Quotas for more rules per Application Load Balancer, or divide the names among certificates.',
      },
    ];
  });
}

type Solved = { readonly id: string; readonly solver: SolverConfig; readonly names: number };

/** The number of names that each solver proves for each certificate. */
function solvedIn({ certificates, solvers }: Draft): readonly Solved[] {
  if (solvers === null) return [];
  const select = solverSelection(solvers, challengeOf);
  return certificates.flatMap(({ id, names }: CertificateDraft) => {
    const bySolver = Map.groupBy(names, ({ value }) => select(value, usuallyOffered(value)));
    return [...bySolver].flatMap(([solver, proven]) =>
      solver === null ? [] : [{ id, solver, names: proven.length }],
    );
  });
}
