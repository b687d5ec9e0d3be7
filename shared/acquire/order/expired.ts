import { isGone } from '#shared/issuers/acme/problem.ts';
import type { Order } from '#shared/issuers/issuer.ts';
import type { Acquisition } from '../acquisition.ts';

/**
 * Says whether an order is invalid only because of time, which is nobody's failure: Let's Encrypt gives an open
 * authorization an hour with some profiles, and does not know it after that.
 */
export async function hasExpired(
  { clock, issuer }: Pick<Acquisition, 'clock' | 'issuer'>,
  order: Order,
): Promise<boolean> {
  if (order.expires && order.expires <= clock.now()) return true;
  for (const url of order.authorizationUrls) {
    const authorization = await issuer.authorization(url).catch((error) => {
      if (isGone(error)) return null;
      throw error;
    });
    if (!authorization || authorization.status === 'expired') return true;
    const { challenges, expires } = authorization;
    if (challenges.some(({ problem }) => problem)) return false;
    if (expires && expires <= clock.now()) return true;
  }
  return false;
}
