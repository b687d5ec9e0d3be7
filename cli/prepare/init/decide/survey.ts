import { coveringWildcard, normalizeName } from '#shared/config-file/names.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Found, FoundCertificate, FoundZone } from '../facts.ts';
import { idFor } from './id-for.ts';
import { type BoundTarget, targetsOf } from './targets-of.ts';
import { userText } from './user-text.ts';

/** Imported certificates with the same names and kind of key, which one certificate of certkeep can replace. */
export type Candidate = {
  /** For the configuration. */
  readonly id: string;
  readonly arns: readonly string[];
  readonly names: readonly string[];
  /** Names that a wildcard of the same certificate covers, which no CA takes beside it. */
  readonly covered: readonly string[];
  readonly key: KeyAlgorithm;
  /** When the first of them ends. */
  readonly notAfter: Date | null;
  readonly targets: readonly BoundTarget[];
  /** What uses it besides, for which certkeep has no target. */
  readonly alsoUsedBy: readonly string[];
  /** The zones in which its names are proven. */
  readonly zones: readonly FoundZone[];
};

/** A certificate in use that nobody renews, and that certkeep cannot take. */
export type Unmanaged = {
  readonly name: string;
  readonly arns: readonly string[];
  readonly notAfter: Date | null;
  readonly why: string;
};

export type Survey = {
  /** What ends first comes first. */
  readonly candidates: readonly Candidate[];
  readonly unmanaged: readonly Unmanaged[];
  readonly counts: {
    readonly issuedByAcm: number;
    readonly ofCertkeep: number;
    /** Imported ones that nothing uses. */
    readonly idle: number;
  };
};

/** Sorts what was found into what certkeep could renew, and what it could not. Pure. */
export function surveyOf(found: Found): Survey {
  const bound = new Set(found.listeners.flatMap((each) => [each.default, ...each.list]));
  const imported = found.certificates.filter(({ origin }) => origin === 'imported');
  const inUse = imported.filter(({ arn, usedBy }) => usedBy.length > 0 || bound.has(arn));
  const groups = Map.groupBy(inUse, groupOf);
  const candidates: Candidate[] = [];
  const unmanaged: Unmanaged[] = [];
  for (const group of [...groups.values()].toSorted(byEnd)) {
    const judged = judge(found, group, new Set(candidates.map(({ id }) => id)));
    if ('why' in judged) unmanaged.push(judged);
    else candidates.push(judged);
  }
  const count = (origin: FoundCertificate['origin']) =>
    found.certificates.filter((each) => each.origin === origin).length;
  return {
    candidates,
    unmanaged: [...unmanaged, ...iamCertificates(found)],
    counts: {
      issuedByAcm: count('issued by ACM'),
      ofCertkeep: count('of certkeep'),
      idle: imported.length - inUse.length,
    },
  };
}

function groupOf({ keyAlgorithm, names }: FoundCertificate): string {
  return [keyAlgorithm, ...names.toSorted()].join(' ');
}

function byEnd(one: readonly FoundCertificate[], other: readonly FoundCertificate[]): number {
  return (endOf(one)?.getTime() ?? Infinity) - (endOf(other)?.getTime() ?? Infinity);
}

function endOf(group: readonly FoundCertificate[]): Date | null {
  const [first] = group.flatMap(({ notAfter }) => notAfter ?? []).toSorted((a, b) => +a - +b);
  return first ?? null;
}

function judge(
  found: Found,
  group: readonly FoundCertificate[],
  taken: ReadonlySet<string>,
): Candidate | Unmanaged {
  const arns = group.map(({ arn }) => arn);
  const written = group[0]?.names ?? [];
  const common = { arns, notAfter: endOf(group) };
  const refused = (why: string): Unmanaged => ({
    ...common,
    name: written[0] ?? arns[0] ?? '',
    why,
  });

  const usedBy = group.flatMap((each) => each.usedBy);
  const { targets, users } = targetsOf(found, arns, usedBy);
  const others = usedBy.filter((arn) => !users.has(arn));
  const alsoUsedBy = [...new Set(others)].map(userText);
  if (targets.length === 0) {
    const isDomain = others.every((arn) => arn.split(':')[2] === 'apigateway');
    const all = alsoUsedBy.join(', ');
    return refused(
      isDomain ? `write "type: api-gateway" for ${all}` : `certkeep has no target for ${all}`,
    );
  }
  const { problem, names } = usableNames(written);
  if (problem !== null) return refused(problem);
  const covered = names.filter(
    (name) => !name.startsWith('*.') && names.includes(coveringWildcard(name)),
  );
  const kept = names.filter((name) => !covered.includes(name));
  const zones = kept.map((name) => zoneOf(found.zones, name));
  const without = kept.find((_, index) => !zones[index]);
  if (without !== undefined) {
    return refused(`no public hosted zone of this account holds ${without}`);
  }
  return {
    ...common,
    id: idFor(kept[0] ?? '', taken),
    ...{ names: kept, covered, targets, alsoUsedBy },
    key: keyFor(group[0]?.keyAlgorithm ?? '', targets),
    zones: [...new Set(zones.filter((zone) => zone !== null))],
  };
}

function usableNames(written: readonly string[]) {
  const names: string[] = [];
  for (const each of written) {
    const normal = normalizeName(each);
    if (!normal.ok) return { problem: `its name ${each} ${normal.message}`, names };
    names.push(normal.name);
  }
  const problem = names.length === 0 ? 'it has no DNS name' : null;
  return { problem, names: [...new Set(names)] };
}

/** The longest zone that holds the name; of two with one name, the one with more records. */
function zoneOf(zones: readonly FoundZone[], name: string): FoundZone | null {
  const host = name.replace(/^\*\./, '');
  const [best] = zones
    .filter((zone) => host === zone.name || host.endsWith(`.${zone.name}`))
    .toSorted((a, b) => b.name.length - a.name.length || b.records - a.records);
  return best ?? null;
}

const keys: Readonly<Record<string, KeyAlgorithm>> = {
  RSA_3072: 'rsa-3072',
  RSA_4096: 'rsa-4096',
  EC_prime256v1: 'ecdsa-p256',
  EC_secp384r1: 'ecdsa-p384',
  EC_secp521r1: 'ecdsa-p384',
};

/** The same kind of key, so that clients that were served go on to be; a Classic Load Balancer takes one kind alone. */
function keyFor(algorithm: string, targets: readonly BoundTarget[]): KeyAlgorithm {
  if (targets.some(({ config }) => config.type === 'clb')) return 'rsa-2048';
  return keys[algorithm] ?? 'rsa-2048';
}

/** What listeners hold from IAM's own store, whose names ACM does not know. */
function iamCertificates({ listeners }: Found): readonly Unmanaged[] {
  const held = listeners.flatMap((listener) =>
    [listener.default, ...listener.list].flatMap((arn) =>
      arn?.includes(':iam::') ? [{ arn, listener }] : [],
    ),
  );
  return [...Map.groupBy(held, ({ arn }) => arn)].map(([arn, uses]) => {
    const at = uses.map(
      ({ listener }) => `${listener.balancer}:${listener.port} (${listener.region})`,
    );
    return {
      ...{ name: arn.split('/').at(-1) ?? arn, arns: [arn], notAfter: null },
      why: `it is in IAM and not in ACM, at ${at.join(', ')}: write its names by hand, and certkeep binds another one there`,
    };
  });
}
