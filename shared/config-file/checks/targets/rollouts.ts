import { networkKey, placeKey } from '#shared/place.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import { hints } from '#shared/schema/hints.ts';
import { networkKeySchema } from '#shared/schema/place-key.ts';
import { placeOf } from '#shared/targets/identities.ts';
import { type CertificateDraft, type Draft, homeOf } from '../../draft.ts';

/** A place that no target is in would be waited for by nobody: it is a mistake of the pen. */
export function rolloutsNamePlaces(draft: Draft): readonly Finding[] {
  const { certificates, rollout } = draft;
  const written = [
    { path: ['rollout', 'first'], first: rollout?.first ?? [], of: certificates },
    ...certificates.map((each) => ({
      path: ['certificates', each.id, 'rollout', 'first'],
      first: each.rollout?.first ?? [],
      of: [each],
    })),
  ];
  return written.flatMap(({ path, first, of }) => unknownPlaces(draft, { path, first, of }));
}

function unknownPlaces(
  draft: Draft,
  {
    path,
    first,
    of,
  }: {
    readonly path: Path;
    readonly first: readonly string[];
    readonly of: readonly CertificateDraft[];
  },
): readonly Finding[] {
  const home = homeOf(draft);
  const places = [
    ...new Set(
      of.flatMap(({ targets }) => targets.map(({ value }) => placeKey(placeOf(value, home)))),
    ),
  ];
  return first
    .filter((place) => !places.includes(place))
    .map((place) => ({
      path,
      value: place,
      message: 'has no target here, so that nothing would wait for it',
      fix: anyOf(places),
    }));
}

/** A probe where nothing is served would ask nobody. */
export function probesAreNearTargets(draft: Draft): readonly Finding[] {
  const home = homeOf(draft);
  const known = new Set(
    draft.certificates.flatMap(({ targets }) =>
      targets.map(({ value }) => networkKey(placeOf(value, home))),
    ),
  );
  return draft.places
    .filter((place) => !known.has(place))
    .map((place) => {
      const at = { path: ['places', place], value: place, isKey: true as const };
      const [misread] = networkKeySchema.safeParse(place).error?.issues ?? [];
      return misread
        ? { ...at, message: misread.message, fix: hints.get(networkKeySchema)?.fix ?? '' }
        : {
            ...at,
            message: 'has no target, so that nothing would be asked from there',
            fix: anyOf([...known]),
          };
    });
}

function anyOf(places: readonly string[]): string {
  return places.length > 0
    ? `Write one of ${places.slice(0, 5).join(', ')}.`
    : 'Remove it: there are no targets.';
}
