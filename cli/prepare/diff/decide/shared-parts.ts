import type { Config } from '#shared/config/config.ts';
import { networkKey, parsePlaceKey, placeKey } from '#shared/place.ts';
import { placesOfAll } from '#shared/targets/identities.ts';
import { counted, listed } from '../../../text/lists.ts';
import { isSame, textOf } from './affected.ts';
import type { Cause } from './cause.ts';
import type { Difference } from './difference.ts';

type Issuer = Config['issuers'][string];
type Solver = Config['solvers'][number];

/** What changes in the list of CAs. `causes` are those of the certificates that differ. */
export function issuerDifferences(
  deployed: Config,
  wanted: Config,
  causes: readonly Cause[],
): readonly Difference[] {
  const names = new Set([...Object.keys(deployed.issuers), ...Object.keys(wanted.issuers)]);
  return [...names].flatMap((name): readonly Difference[] => {
    const [before, after] = [deployed.issuers[name], wanted.issuers[name]];
    const base = { kind: 'issuer', certificates: [], what: name } as const;
    const users = wanted.certificates.filter(({ issuers }) => issuers.includes(name)).length;
    if (!before && after) {
      const effect =
        users === 0 ? 'no certificate names it' : `${counted(users, 'certificate')} may ask it`;
      return [{ ...base, sign: '+', text: `issuer, ${after.directory}`, effect }];
    }
    if (before && !after) {
      const effect = 'its account stays at the CA, and the key of that account in its secret';
      return [{ ...base, sign: '-', text: `issuer, ${before.directory}`, effect }];
    }
    if (!before || !after || isSame(before, after)) return [];
    return changedKeys(before, after).map((key) => ({
      ...base,
      sign: '~',
      text: `issuer, ${key} ${valueText(before[key])} → ${valueText(after[key])}`,
      effect: issuerEffect(key, name, causes),
    }));
  });
}

/** `webDomain` is made of the directory. */
function changedKeys(before: Issuer, after: Issuer): readonly (keyof Issuer)[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Issuer>;
  return [...keys].filter((key) => key !== 'webDomain' && !isSame(before[key], after[key]));
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  const text = typeof value === 'string' ? value : textOf(value);
  return text.length > 60 ? 'others' : text;
}

function issuerEffect(key: keyof Issuer, name: string, causes: readonly Cause[]): string {
  switch (key) {
    case 'directory':
    case 'profile': {
      const ordered = causes.filter(
        ({ order, situation }) => order && situation.certificate.issuers.includes(name),
      ).length;
      return ordered === 0
        ? 'no certificate is ordered anew for it'
        : `${counted(ordered, 'certificate')} ordered anew at the next check`;
    }
    case 'preferredChain':
      return 'from the next renewals on';
    case 'contact':
      return 'the CA hears of it with the next order';
    case 'externalAccountBinding':
      return 'another account at the CA, made with the next order';
    case 'rehearsal':
      return 'with the next dry run';
    default:
      return 'from the next check on';
  }
}

/** What changes in the list of solvers, whose order decides only between equals. */
export function solverDifferences(deployed: Config, wanted: Config): readonly Difference[] {
  const has = (list: readonly Solver[], solver: Solver) =>
    list.some((each) => isSame(each, solver));
  const retired = (solver: Solver) =>
    wanted.retired.solvers.some((each) => isSame(each, { ...solver, selector: undefined }));
  const base = { kind: 'solver', certificates: [] } as const;
  const isReordered =
    isSame(deployed.solvers.map(textOf).toSorted(), wanted.solvers.map(textOf).toSorted()) &&
    !isSame(deployed.solvers, wanted.solvers);
  if (isReordered) {
    const effect = 'the first one proves a name that several cover equally';
    return [{ ...base, sign: '~', what: 'solvers', text: 'in another order', effect }];
  }
  return [
    ...wanted.solvers
      .filter((each) => !has(deployed.solvers, each))
      .map(
        (each): Difference => ({
          ...{ ...base, sign: '+', what: each.type, text: solverText(each) },
          effect: 'it proves names from the next order on',
        }),
      ),
    ...deployed.solvers
      .filter((each) => !has(wanted.solvers, each))
      .map(
        (each): Difference => ({
          ...{ ...base, sign: '-', what: each.type, text: solverText(each) },
          effect: retired(each)
            ? 'it cleans up, and proves no name'
            : 'what an interrupted order has left there stays, unless it is named under retired: solvers',
        }),
      ),
  ];
}

/** `solver, for example.com, Z0123456789`. */
function solverText({ selector, type: _, ...rest }: Config['solvers'][number]): string {
  const zones = selector?.dnsZones ?? [];
  const names = selector?.dnsNames ?? [];
  const of = selector ? `for ${listed([...zones, ...names])}` : 'for all other names';
  const ways = Object.entries(rest).filter(([key]) =>
    ['hostedZoneId', 'roleArn', 'secret', 'listener'].includes(key),
  );
  return ['solver', of, ...ways.map(([, value]) => String(value))].join(', ');
}

/** Accounts and regions that a deployment reaches for the first time, or no more. */
export function placeDifferences(deployed: Config | null, wanted: Config): readonly Difference[] {
  const before = deployed ? placesIn(deployed) : new Set<string>();
  const after = placesIn(wanted);
  const known = new Set([...before, placeKey(wanted.home)].map(networkOfKey));
  const base = { kind: 'place', certificates: [] } as const;
  return [
    ...[...after]
      .filter((place) => !before.has(place))
      .map(
        (place): Difference => ({
          ...{ ...base, sign: '+', what: place, text: 'first target there' },
          effect: known.has(networkOfKey(place))
            ? `its certificates go into ${storeOf(place)} there`
            : 'its environment must be bootstrapped; --all deploys the stack there first',
        }),
      ),
    ...[...before]
      .filter((place) => !after.has(place))
      .map(
        (place): Difference => ({
          ...{ ...base, sign: '-', what: place, text: 'no target there any more' },
          effect: wanted.retired.places.includes(place)
            ? `certkeep deletes its certificates from ${storeOf(place)} there once nothing uses them`
            : `its certificates stay in ${storeOf(place)} there, unless it is named under retired: places`,
        }),
      ),
  ];
}

function networkOfKey(place: string): string {
  return networkKey(parsePlaceKey(place));
}

function storeOf(place: string): string {
  return parsePlaceKey(place).store ? 'IAM' : 'ACM';
}

/** The places of targets without the one that home is. */
function placesIn({ certificates, home }: Config): Set<string> {
  const places = placesOfAll({ certificates, home });
  return new Set(places.filter((place) => place !== `${home.account}/${home.region}`));
}
