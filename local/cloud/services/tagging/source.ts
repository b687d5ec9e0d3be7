import type { Place } from '../../wire/place.ts';

export type TaggedResource = { readonly arn: string; readonly tags: ReadonlyMap<string, string> };

/** A service whose resources have tags, in the place where the tagging API tells of them. */
export type TagSource = { taggedIn(place: Place): readonly TaggedResource[] };
