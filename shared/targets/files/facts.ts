import { type Place, placeKey } from '#shared/place.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { probeEndpoint } from '../probe-endpoint.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { filesSpec } from './spec.ts';

export type FilesConfig = ConfiguredBy<(typeof filesSpec)['schema']>;

export const filesFacts = {
  /** Commands are sent there, and a function inside of its network asks hosts that do not answer from outside. */
  identify({ account, probe, region }: FilesConfig, home: Place) {
    const { host, port } = probeEndpoint(probe);
    const place = { account: account ?? home.account, region: region ?? home.region };
    const listener = `${placeKey(place)}/${host.toLowerCase()}:${port}`;
    // A host may serve several certificates, each for names of its own.
    return { key: `files:${listener}`, place, listener, isExclusive: false, resourceArn: null };
  },
  isFetched: true,
} satisfies TargetFacts<FilesConfig>;
