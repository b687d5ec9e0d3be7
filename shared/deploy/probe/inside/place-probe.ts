import { isIP } from 'node:net';
import { reachable } from '../ask.ts';
import type { Probe } from '../probe.ts';

/**
 * Asks endpoints of a place that has a probe inside of its network. An internal one is asked from there alone. Any other one
 * is asked from outside, as clients ask it, and only where no address answers, the same addresses are asked from inside: a
 * name that leads elsewhere in there is no evidence.
 */
export function placeProbe(outside: Probe, inside: Probe): Probe {
  return async (question) => {
    if (question.isInside) return inside(question);
    const answers = await outside(question);
    if (answers.length === 0 || reachable(answers).length > 0) return answers;
    const addresses = answers.map(({ address }) => address).filter((address) => isIP(address));
    return inside({ ...question, ...(addresses.length > 0 && { addresses }), isInside: true });
  };
}
