import { type Place, placeKey } from '#shared/place.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { probeEndpoint } from '../probe-endpoint.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { filesSpec } from './spec.ts';

export type FilesConfig = ConfiguredBy<(typeof filesSpec)['schema']>;

export const filesFacts = {
  /** The place of hosts that fetch by themselves is home, wherever they are: certkeep calls nothing there. */
  identify({ probe, push }: FilesConfig, home: Place) {
    const { host, port } = probeEndpoint(probe);
    const place = { account: push?.account ?? home.account, region: push?.region ?? home.region };
    const listener = `${placeKey(place)}/${host.toLowerCase()}:${port}`;
    // A host may serve several certificates, each for names of its own.
    return { key: `files:${listener}`, place, listener, isExclusive: false, resourceArn: null };
  },
  isFetched: true,
} satisfies TargetFacts<FilesConfig>;
