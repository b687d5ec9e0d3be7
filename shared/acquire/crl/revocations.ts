import { addMs, type Clock, hourMs } from '#shared/clock.ts';
import type { Revocation } from '../revocation.ts';
import { fetchRevocationList } from './fetch.ts';
import { type RevocationList, readRevocationList, serialText } from './list.ts';

export type RevocationQuestion = {
  readonly serial: string;
  readonly crlUrl: string;
  /** The certificate that signed it, and so its list. */
  readonly issuerPem: string;
  /** The host of the CA's directory. */
  readonly trustedHost: string;
};

/** Whether a CA has revoked a certificate, by the list the certificate names. */
export type Revocations = (question: RevocationQuestion) => Promise<Revocation>;

/** Many certificates share a list. */
const keptMs = hourMs;
const keptLists = 16;

type Kept = { readonly issuerPem: string; readonly list: RevocationList; readonly until: Date };

export function revocationsByList(clock: Clock): Revocations {
  const kept = new Map<string, Kept>();

  async function listAt({ crlUrl, issuerPem, trustedHost }: RevocationQuestion) {
    const now = clock.now();
    const known = kept.get(crlUrl);
    if (known?.issuerPem === issuerPem && known.until > now) return known.list;
    const der = await fetchRevocationList(crlUrl, trustedHost);
    const list = readRevocationList(der, { url: crlUrl, issuerPem, now });
    const until = addMs(now, Math.min(keptMs, list.nextUpdate.getTime() - now.getTime()));
    kept.delete(crlUrl);
    kept.set(crlUrl, { issuerPem, list, until });
    const [oldest] = kept.keys();
    if (kept.size > keptLists && oldest) kept.delete(oldest);
    return list;
  }

  return async (question) => {
    const { nextUpdate, revoked } = await listAt(question);
    const found = revoked.get(serialText(question.serial));
    return { nextUpdate, revokedAt: found?.at ?? null, reason: found?.reason ?? null };
  };
}
