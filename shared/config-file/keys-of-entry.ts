import { familyOf, type KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import { type TargetConfig, targetSpecs } from '#shared/targets/specs.ts';
import type { TargetSpec } from '#shared/targets/target.ts';

/** One of the certificates that an entry of the file stands for: one for each of its keys. */
export type CertificateOfKey = { readonly id: string; readonly key: KeyAlgorithm };

/** The first key's certificate has the id of the entry, so that an entry may get a second key, and lose it again. */
export function certificatesOf(
  entry: string,
  keys: readonly KeyAlgorithm[],
): readonly CertificateOfKey[] {
  return keys.map((key, at) => ({ id: at === 0 ? entry : `${entry}-${familyOf(key)}`, key }));
}

/** The key algorithms that the target serves from the store that it names. */
export function keysServedBy(target: TargetConfig): readonly KeyAlgorithm[] {
  const { keyAlgorithms, keyAlgorithmsFromIam = [] }: TargetSpec = targetSpecs[target.type];
  return 'store' in target && target.store === 'iam' ? keyAlgorithmsFromIam : keyAlgorithms;
}

/**
 * Returns the target as the certificate with that key has it; null where another one has it. A listener with a list gets
 * all of them, and chooses for each client; since a match in its list beats its default, the default is listed too. What
 * serves one certificate gets the first whose key it takes.
 */
export function targetFor(
  target: TargetConfig,
  key: KeyAlgorithm,
  keys: readonly KeyAlgorithm[],
): TargetConfig | null {
  if (keys.length < 2) return target;
  const isFirst = key === keys[0];
  if (!hasList(target)) {
    const served = keysServedBy(target);
    return key === (keys.find((each) => served.includes(each)) ?? keys[0]) ? target : null;
  }
  if (!isFirst) return { ...target, certificate: 'sni' };
  return target.certificate === 'default' ? { ...target, certificate: 'both' } : target;
}

type Entry = { readonly id: string; readonly entry: string };

/** Leads what is found about a certificate to the entry that stands for it, and tells it once for all its certificates. */
export function atEntries(
  findings: readonly Finding[],
  certificates: readonly Entry[],
): readonly Finding[] {
  const entries = new Map(certificates.map(({ id, entry }) => [id, entry]));
  for (const { entry } of certificates) entries.set(entry, entry);
  const told = new Set<string>();
  return findings.flatMap((finding) => {
    const [part = '', id = '', ...rest] = finding.path;
    const entry = part === 'certificates' ? (entries.get(String(id)) ?? id) : id;
    const place = JSON.stringify([part, entry, ...rest]);
    const words = `${place} ${finding.message}`;
    const isRepeated = told.has(words) || (entry !== id && told.has(place));
    told.add(words);
    if (entry === id) told.add(place);
    if (isRepeated) return [];
    return entry === id ? [finding] : [{ ...finding, path: [part, entry, ...rest] }];
  });
}
