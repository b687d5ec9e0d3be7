import type { CertificateManager } from '#shared/deploy/import/acm.ts';
import { awsCertificateManager } from '#shared/deploy/import/acm-client.ts';
import { s3ImportLane } from '#shared/deploy/import/import-lane.ts';
import { oncePerPlace, type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { placesOfAll } from '#shared/targets/identities.ts';
import type { Foundation } from '../foundation.ts';
import type { ClientsAt } from './places.ts';

/**
 * Returns the store of the certificates of each place. The code for the server certificates of IAM is loaded where the
 * configuration has a place with them.
 */
export async function composeStores(
  foundation: Foundation,
  clientsAt: ClientsAt,
): Promise<(place: Place) => CertificateManager> {
  const { clock, config, environment } = foundation;
  const places = [...placesOfAll(config), ...config.retired.places];
  const iam = places.some((place) => parsePlaceKey(place).store)
    ? await import('#shared/deploy/import/iam/iam-client.ts')
    : null;
  return oncePerPlace((place) => {
    const options = clientsAt(place);
    if (!place.store) {
      const lane = s3ImportLane(foundation, placeKey(place));
      return awsCertificateManager({ options, clock, lane });
    }
    if (!iam) throw new Error(`the store of ${placeKey(place)} is not loaded`);
    const installation = environment.CERTKEEP_INSTALLATION;
    return iam.iamServerCertificates({ options, clock, installation, place });
  });
}
