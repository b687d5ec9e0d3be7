import { secondMs } from '#shared/time/clock.ts';

/** The limit for one handshake, from wherever it is made. */
export const handshakeTimeoutMs = 5 * secondMs;

/** The servers that a probe asks for addresses; null for the system's own. */
export function resolversOf(variable: string): readonly string[] | null {
  return variable === '' ? null : [variable];
}
