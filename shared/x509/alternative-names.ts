import type { X509Certificate } from 'node:crypto';

export type AlternativeName = {
  /** Null for what is neither a DNS name nor an address; its name has the kind in front then. */
  readonly kind: 'DNS' | 'IP Address' | null;
  readonly name: string;
};

/** Node prints `DNS:a, IP Address:192.0.2.1`, and anything unusual in quotes, which then equals no name of ours. */
export function alternativeNames({
  subjectAltName,
}: Pick<X509Certificate, 'subjectAltName'>): readonly AlternativeName[] {
  const entries = subjectAltName?.split(', ') ?? [];
  return entries.map((entry) => {
    const kind = (['DNS', 'IP Address'] as const).find((each) => entry.startsWith(`${each}:`));
    return { kind: kind ?? null, name: kind ? entry.slice(kind.length + 1) : entry };
  });
}
