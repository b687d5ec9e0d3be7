import type { KeyFamily } from '#shared/key-algorithm.ts';
import type { Probe, ProbeAnswer } from './probe.ts';
import type { Endpoint } from './targets/target.ts';

/** A certificate may have a hundred names; the first few are asked at every address. */
const askedNames = 3;

/** Names to send as SNI: a wildcard is asked with a label under it. */
export function serverNames(names: readonly string[]): readonly string[] {
  const concrete = names.map((name) => name.replace(/^\*\./, 'certkeep-probe.'));
  return [...new Set(concrete)].slice(0, askedNames);
}

/** What every address of the endpoint presents for a few names of the certificate. */
export async function askEndpoint(
  probe: Probe,
  endpoint: Endpoint,
  names: readonly string[],
): Promise<readonly ProbeAnswer[]> {
  const questions = serverNames(names).map((servername) => probe({ ...endpoint, servername }));
  return (await Promise.all(questions)).flat();
}

/** What every address presents for each of the names, as a client of one key family asks. */
export async function askNames(
  probe: Probe,
  endpoint: Endpoint,
  names: readonly string[],
  family: KeyFamily,
): Promise<readonly ProbeAnswer[]> {
  const questions = names.map((servername) => probe({ ...endpoint, servername, family }));
  return (await Promise.all(questions)).flat();
}

/** The serial the endpoint is known by before a change; null when nothing answers. */
export function servedSerial(answers: readonly ProbeAnswer[]): string | null {
  return answers.find((answer) => answer.outcome === 'answered')?.serial ?? null;
}
