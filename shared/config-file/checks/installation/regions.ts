import { parsePlaceKey } from '#shared/place.ts';
import { regionPattern } from '#shared/region.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';
import { regionStanding } from '../../known-regions.ts';

type Written = {
  readonly path: Path;
  readonly region: string;
  /** The region is part of something longer, an ARN. */
  readonly isPart?: true;
};

/** Nobody can deploy to a region that does not exist, and CloudFormation would say so late. */
export function regionsExist(draft: Draft): readonly Finding[] {
  return regionsIn(draft).flatMap(({ path, region, isPart }) => {
    const standing = regionStanding(region);
    if (typeof standing === 'string') return [];
    const message = isPart ? `names ${region}, which is no region of AWS` : 'is no region of AWS';
    return [{ path, message, fix: `Did you mean ${standing.meant}?` }];
  });
}

/** AWS opens regions faster than lists of them are updated. */
export function regionsMayBeNew(draft: Draft): readonly Finding[] {
  const seen = new Set<string>();
  return regionsIn(draft).flatMap(({ path, region }) => {
    if (regionStanding(region) !== 'maybe-new' || seen.has(region)) return [];
    seen.add(region);
    return [
      {
        path,
        message: `names the region ${region}, which this version of certkeep does not know`,
        fix: 'Nothing, if AWS has opened it since: it is taken as it is. Otherwise correct it.',
      },
    ];
  });
}

function regionsIn(draft: Draft): readonly Written[] {
  const { region, replicas, certificates, discovery, solvers, retired } = draft;
  const places: readonly Written[] = [
    ...(region === null ? [] : [{ path: ['home', 'region'], region }]),
    ...replicas.map(({ at, value }) => ({ path: ['replicas', at], region: value })),
    ...certificates.flatMap(({ id, targets }) =>
      targets.flatMap(({ at, value }) => inFields(value, ['certificates', id, 'targets', at])),
    ),
    ...(solvers ?? []).flatMap((solver, at) => inFields(solver, ['solvers', at])),
    ...retired.solvers.flatMap(({ at, value }) => inFields(value, ['retired', 'solvers', at])),
    ...discovery.map(({ at, value }) => ({
      path: ['discovery', 'places', at],
      region: parsePlaceKey(value).region,
      isPart,
    })),
    ...retired.places.map(({ at, value }) => ({
      path: ['retired', 'places', at],
      region: parsePlaceKey(value).region,
      isPart,
    })),
  ];
  // Another check reports a text that does not look like a region.
  return places.filter(({ region: written }) => regionPattern.test(written));
}

const isPart = true;

function inFields(plugin: object, path: Path): readonly Written[] {
  return Object.entries(plugin).flatMap(([key, value]) => {
    if (typeof value !== 'string') return [];
    if (key === 'region') return [{ path: [...path, key], region: value }];
    const region = value.startsWith('arn:') ? value.split(':')[3] : '';
    return region ? [{ path: [...path, key], region, isPart }] : [];
  });
}
