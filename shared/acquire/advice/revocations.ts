import { fetchRevocationList, type ListSource } from '#shared/crl/fetch.ts';
import { type RevocationList, readRevocationList } from '#shared/crl/list.ts';
import { addMs, type Clock, hourMs } from '#shared/time/clock.ts';
import type { Revocation } from './revocation.ts';

type RevocationQuestion = {
  readonly serial: string;
  readonly crlUrl: string;
  /** The certificate that signed it, and therefore its list. */
  readonly issuerPem: string;
  readonly source: ListSource;
};

/** Says whether a CA has revoked a certificate, according to the list that the certificate names. */
export type Revocations = (question: RevocationQuestion) => Promise<Revocation>;

/** Many certificates share a list. */
const keptMs = hourMs;
/** The share of the function's memory. One list has 10 MiB at most (source.ts), so that the newest is always kept. */
const keptBytes = 16 << 20;

type Kept = { readonly issuerPem: string; readonly list: RevocationList; readonly until: Date };

export function revocationsByList(clock: Clock, mostBytes = keptBytes): Revocations {
  const kept = new Map<string, Kept>();
  const held = () => [...kept.values()].reduce((sum, { list }) => sum + list.bytes, 0);

  async function listAt({ crlUrl, issuerPem, source }: RevocationQuestion) {
    const now = clock.now();
    const known = kept.get(crlUrl);
    if (known?.issuerPem === issuerPem && known.until > now) return known.list;
    const der = await fetchRevocationList(crlUrl, source);
    const list = readRevocationList(der, { url: crlUrl, issuerPem, now });
    const until = addMs(now, Math.min(keptMs, list.nextUpdate.getTime() - now.getTime()));
    kept.delete(crlUrl);
    kept.set(crlUrl, { issuerPem, list, until });
    for (const oldest of kept.keys()) {
      if (held() <= mostBytes) break;
      kept.delete(oldest);
    }
    return list;
  }

  return async (question) => {
    const { nextUpdate, find } = await listAt(question);
    const found = find(question.serial);
    return { nextUpdate, revokedAt: found?.at ?? null, reason: found?.reason ?? null };
  };
}
