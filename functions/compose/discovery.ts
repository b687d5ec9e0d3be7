import { s3Finds } from '#shared/discovery/found.ts';
import { lookForTags } from '#shared/discovery/look.ts';
import { awsTagReader } from '#shared/discovery/tagging-client.ts';
import { oncePerPlace } from '#shared/place.ts';
import type { Foundation } from '../foundation.ts';
import type { ClientsAt } from './places.ts';

/** Verify loads it, with its SDK, where the configuration looks for tags. */
export function composeLookForTags(
  foundation: Foundation,
  clientsAt: ClientsAt,
): (place: string) => Promise<void> {
  const ports = {
    ...foundation,
    finds: s3Finds(foundation.objects),
    tagsIn: oncePerPlace((place) => awsTagReader(clientsAt(place))),
  };
  return (place) => lookForTags(ports, place);
}
