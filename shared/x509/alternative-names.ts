import type { X509Certificate } from 'node:crypto';

export type AlternativeName = {
  /** Null for other kinds than DNS names and addresses; the name then begins with its kind. */
  readonly kind: 'DNS' | 'IP Address' | null;
  readonly name: string;
};

/** Parses Node's `DNS:a, IP Address:192.0.2.1`. Node prints unusual names in quotes, and those equal no name of ours. */
export function alternativeNames({
  subjectAltName,
}: Pick<X509Certificate, 'subjectAltName'>): readonly AlternativeName[] {
  const entries = subjectAltName?.split(', ') ?? [];
  return entries.map((entry) => {
    const kind = (['DNS', 'IP Address'] as const).find((each) => entry.startsWith(`${each}:`));
    return { kind: kind ?? null, name: kind ? entry.slice(kind.length + 1) : entry };
  });
}
