import { createHash } from 'node:crypto';
import { challengeName, valueName } from '#shared/dns/challenge-name.ts';
import type { DnsClient } from '#shared/dns/dns-client.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import type { ChosenSolver, Solvers } from '#shared/solvers/solvers.ts';

/** RFC 8555 §8.1: a token, and the thumbprint of the account's key. */
const keyAuthorizationForm = /^[\w-]+\.[\w-]{43}$/;
/** RFC 8555 §8.4: SHA-256, base64url. */
const digestForm = /^[\w-]{43}$/;

/** Says whether a value in the record is the one that a CA expects from the account whose key has this thumbprint. */
export function isOfAccount(intent: TxtIntent, keyThumbprint: string): boolean {
  const { keyAuthorization = intent.value, value } = intent;
  if (!isKeyAuthorization(keyAuthorization)) return false;
  const isAsWritten = keyAuthorization === value || digestOf(keyAuthorization) === value;
  return isAsWritten && keyAuthorization.endsWith(`.${keyThumbprint}`);
}

export type Proving = {
  readonly solvers: Pick<Solvers, 'forName'>;
  readonly dns: DnsClient;
  readonly certificate: { readonly names?: readonly string[] };
};

/**
 * Returns why a value in the record must not be removed, or null if it may be. Only the account that requested a challenge
 * knows the text whose digest is in DNS, so that no value of others comes with its text. A value without the text, in a
 * record from before it was kept, must be at the place to which a name of the certificate leads, in the zone that the
 * solver finds there.
 */
export async function whyNotOurs(
  proving: Proving,
  solver: Solver,
  intent: TxtIntent,
): Promise<string | null> {
  const { keyAuthorization, name, value } = intent;
  if (solver.proveServed) {
    return isKeyAuthorization(value) ? whyOtherZone(solver, intent) : 'it is no key authorization';
  }
  if (!digestForm.test(value)) return 'it is no digest of a key authorization';
  if (keyAuthorization !== undefined) {
    const isProven = isKeyAuthorization(keyAuthorization) && digestOf(keyAuthorization) === value;
    return isProven ? null : 'it is the digest of something else';
  }
  if (!(await isLedTo(proving, intent))) return `no name of the certificate leads to ${name}`;
  return whyOtherZone(solver, intent);
}

/** A value in a zone that is gone went with it: there is nothing to refuse. */
async function whyOtherZone(solver: Solver, { name, zoneId }: TxtIntent): Promise<string | null> {
  try {
    const found = await solver.zoneFor(name);
    return found.zoneId === zoneId ? null : `the solver writes to ${found.zoneId}`;
  } catch (error) {
    if (isCertkeepError(error, 'ZoneNotFound')) return null;
    throw error;
  }
}

async function isLedTo(
  { certificate: { names = [] }, dns, solvers }: Proving,
  { name, solver }: TxtIntent,
): Promise<boolean> {
  const own = new Set(names.flatMap(withParents).map(challengeName));
  if (own.has(name)) return true;
  for (const each of names) {
    const chosen = chosenFor(solvers, each);
    if (chosen?.key !== solver || chosen.cnameStrategy !== 'follow') continue;
    if ((await valueName(challengeName(each), 'follow', dns)) === name) return true;
  }
  return false;
}

/** A CA may require proof for a domain above a name (RFC 8555 §7.1.3). */
function withParents(name: string): readonly string[] {
  const labels = name.replace(/^\*\./, '').split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

function chosenFor(solvers: Proving['solvers'], name: string): ChosenSolver | null {
  try {
    return solvers.forName(name, ['dns-01']);
  } catch (error) {
    if (isCertkeepError(error, 'SolverMissing')) return null;
    throw error;
  }
}

function isKeyAuthorization(text: string): boolean {
  return keyAuthorizationForm.test(text);
}

function digestOf(keyAuthorization: string): string {
  return createHash('sha256').update(keyAuthorization).digest('base64url');
}
