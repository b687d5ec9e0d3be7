import { type Identifier, problem, problemType, refuse, type Subproblem } from './problem.ts';

const mostNames = 100;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** The names of an order, in lower case, without duplicates and sorted; or the refusal that Let's Encrypt would send. */
export function orderedNames(identifiers: unknown): string[] {
  if (!Array.isArray(identifiers) || identifiers.length === 0) {
    return refuse('malformed', 'NewOrder request did not specify any identifiers');
  }
  const asked = identifiers.map(readIdentifier);
  const names = [...new Set(asked.map(({ value }) => value.toLowerCase()))].sort();
  if (names.length > mostNames) {
    refuse('malformed', `Order cannot contain more than ${mostNames} identifiers`);
  }
  refuseUnfit(names);
  refuseOverlap(names);
  return names;
}

function readIdentifier(identifier: Partial<Identifier> | null): Identifier {
  const { type, value } = identifier ?? {};
  if (typeof type !== 'string' || typeof value !== 'string' || value === '') {
    return refuse('malformed', 'NewOrder request included an empty identifier');
  }
  if (type !== 'dns') {
    refuse(
      'unsupportedIdentifier',
      `NewOrder request included unsupported identifier: type "${type}", value "${value}"`,
    );
  }
  return { type, value };
}

function refuseUnfit(names: readonly string[]): void {
  const subproblems = names.flatMap((value): Subproblem[] => {
    const detail = whyUnfit(value);
    const identifier = { type: 'dns', value };
    return detail ? [{ type: problemType('rejectedIdentifier'), detail, identifier }] : [];
  });
  const [first, ...more] = subproblems;
  if (!first) return;
  const detail = `Invalid identifiers requested :: Cannot issue for "${first.identifier.value}": ${first.detail}`;
  if (more.length === 0) refuse('rejectedIdentifier', detail);
  refuse(
    'rejectedIdentifier',
    `${detail} (and ${more.length} more problems. Refer to sub-problems for more information.)`,
    { subproblems },
  );
}

function whyUnfit(name: string): string | null {
  const base = name.startsWith('*.') ? name.slice(2) : name;
  const labels = base.split('.');
  if (base.includes('*')) return 'Domain name has a wildcard elsewhere than in front';
  if (base.endsWith('.')) return 'Domain name ends in a dot';
  if (base.length > 253) return 'Domain name is longer than 253 bytes';
  if (labels.length < 2) return 'Domain name needs at least one dot';
  if (/^[0-9]+$/.test(labels.at(-1) ?? ''))
    return 'The ACME server can not issue a certificate for an IP address';
  if (!labels.every((part) => label.test(part))) return 'Domain name contains an invalid label';
  return null;
}

function refuseOverlap(names: readonly string[]): void {
  const overlap = names.find(
    (name) => names.includes(`*.${name.split('.').slice(1).join('.')}`) && !name.startsWith('*.'),
  );
  if (overlap === undefined) return;
  const { detail } = problem(
    'malformed',
    `Domain name "${overlap}" is redundant with a wildcard domain in the same request. Remove one or the other from the certificate request.`,
  );
  refuse('malformed', detail);
}
