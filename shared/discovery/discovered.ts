import type { Config } from '#shared/config/config.ts';
import { type Approval, type Approvals, isAbout } from './approvals.ts';
import type { Finds } from './found.ts';
import { isAt, isOfKnownKind, placeOfFound, readTagged, type Tagged } from './resource.ts';
import { inFile, readInPlace } from './with-approved.ts';

/**
 * `waiting`: nobody has decided about the tag. `withdrawn`: a person has said no. `unusable`: nothing can be bound there, and
 * the reason says why. `untagged`: it was approved, and has lost its tag. `changed`: it was approved for another tag than it
 * has now. In both cases it keeps the certificate that it has.
 */
type DiscoveredState = 'waiting' | 'approved' | 'withdrawn' | 'unusable' | 'untagged' | 'changed';

export type Discovered = Tagged & {
  readonly place: string;
  readonly state: DiscoveredState;
  /** For people; null where there is nothing to say. */
  readonly reason: string | null;
};

type Known = Pick<Config, 'certificates' | 'discovery' | 'home'>;

/** Says of every resource that was found, or approved, how it stands. What the file names itself is left out. Pure. */
export function discoveredIn(
  config: Known,
  finds: Finds,
  approvals: Approvals,
): readonly Discovered[] {
  const found = (config.discovery?.places ?? []).flatMap((place) =>
    (finds[place]?.resources ?? [])
      .filter(({ arn }) => isOfKnownKind(arn) && isAt(arn, place))
      .flatMap((tagged) => standing(tagged, place, config, approvals[tagged.arn])),
  );
  const arns = new Set(
    Object.values(finds).flatMap(({ resources }) => resources.map(({ arn }) => arn)),
  );
  const lost = Object.entries(approvals)
    .filter(([arn, { state }]) => state === 'approved' && !arns.has(arn))
    .flatMap(([arn, approval]) => untagged({ ...approval, arn }, config, finds));
  return [...found, ...lost].toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
}

function standing(
  tagged: Tagged,
  place: string,
  config: Known,
  approval: Approval | undefined,
): readonly Discovered[] {
  const { arn, certificate, position } = tagged;
  const found = { arn, certificate, position, place };
  const reading = readInPlace(tagged, config);
  if (approval?.state === 'approved' && !isAbout(approval, tagged)) {
    const { certificate: known, position: at } = approval;
    const reason = `it was approved for ${known}${at ? ` (${at})` : ''}`;
    return [{ ...found, state: 'changed', reason }];
  }
  if (!reading.ok) {
    if (reading.obstacle === inFile) return [];
    return [{ ...found, state: 'unusable', reason: reading.obstacle }];
  }
  const state = approval && isAbout(approval, tagged) ? approval.state : 'waiting';
  return [{ ...found, state, reason: null }];
}

/** Only a whole look after the approval says that a tag is gone. */
function untagged(
  { arn, at, certificate, position }: Approval & Pick<Tagged, 'arn'>,
  config: Known,
  finds: Finds,
): readonly Discovered[] {
  const reading = readTagged({ arn, certificate, position }, config);
  if (!reading.ok) return [];
  const place = placeOfFound(reading.target, config);
  const found = finds[place];
  const kept = { arn, certificate, position, place };
  const isSeen = found?.isWhole && found.lookedAt !== null && found.lookedAt > at;
  if (!isSeen) return [{ ...kept, state: 'approved', reason: null }];
  const reason = 'it has lost its tag, and keeps the certificate that it has';
  return [{ ...kept, state: 'untagged', reason }];
}
