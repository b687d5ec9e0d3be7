import type { CertificateConfig, Config } from '#shared/config/config.ts';

/** The ids of the certificates that are in one of the configurations alone, or not the same in both. */
export function affectedIds(deployed: Config | null, wanted: Config): readonly string[] {
  const before = byId(deployed);
  const after = byId(wanted);
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => {
    const [one, other] = [before.get(id), after.get(id)];
    return !one || !other || !isSame(one, other) || hasOtherIssuers(deployed, wanted, other);
  });
}

export function byId(config: Config | null): ReadonlyMap<string, CertificateConfig> {
  return new Map(config?.certificates.map((each) => [each.id, each]));
}

/** The settings of an issuer on which depends what is ordered. */
function hasOtherIssuers(deployed: Config | null, wanted: Config, { issuers }: CertificateConfig) {
  return issuers.some((name) => !isSame(deployed?.issuers[name], wanted.issuers[name]));
}

/** Says whether two values have the same content, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return textOf(one) === textOf(other);
}

export function textOf(value: unknown): string {
  return JSON.stringify(value, sorted) ?? '';
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
