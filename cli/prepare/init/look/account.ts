import { errorMessage, errorName } from '#shared/errors.ts';
import type { Found, Unseen } from '../facts.ts';
import { arnListeners } from './arn-listeners.ts';
import { certificatesIn } from './certificates.ts';
import { classicListeners } from './classic-listeners.ts';
import type { Connection } from './connection.ts';
import { publicZones } from './zones.ts';

/** Looks at all that `init` needs to know, and changes nothing. What is refused is noted, and the rest goes on. */
export async function lookAtAccount(
  connection: Connection,
  onStep: (region: string) => void,
): Promise<Found> {
  const unseen: Unseen[] = [];
  async function seen<T>(what: string, look: () => Promise<readonly T[]>): Promise<readonly T[]> {
    try {
      return await look();
    } catch (error) {
      unseen.push({ what, why: whyNot(error) });
      return [];
    }
  }
  const { account, clients, regions } = connection;
  const listeners = [];
  const certificates = [];
  // One after the other: the calls of an account and region are metered together, and its owner needs some, too.
  for (const region of regions) {
    onStep(region);
    const options = clients(region);
    const own = [
      ...(await seen(`Application and Network Load Balancers in ${region}`, () =>
        arnListeners(options),
      )),
      ...(await seen(`Classic Load Balancers in ${region}`, () =>
        classicListeners(options, account),
      )),
    ];
    const bound = own.flatMap((each) => [each.default ?? [], each.list].flat());
    listeners.push(...own);
    certificates.push(
      ...(await seen(`certificates in ${region}`, () => certificatesIn(options, new Set(bound)))),
    );
  }
  const zones = await seen('hosted zones', () => publicZones(clients(regions[0] ?? '')));
  return { account, regions, certificates, listeners, zones, unseen };
}

function whyNot(error: unknown): string {
  const [name, message] = [errorName(error), errorMessage(error)];
  return message.startsWith(name) ? message : `${name}: ${message}`;
}
