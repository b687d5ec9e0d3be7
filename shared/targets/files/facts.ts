import { type Place, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { probeEndpoint } from '../probe-endpoint.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { filesSpec } from './spec.ts';

export type FilesConfig = ConfiguredBy<(typeof filesSpec)['schema']>;

/** The place of hosts that fetch by themselves is home, wherever they are: certkeep calls nothing there. */
function placeOf({ push }: FilesConfig, home: Place): Place {
  return { account: push?.account ?? home.account, region: push?.region ?? home.region };
}

/** The name or ARN of a document of the user's. */
function documentArn(document: string, { account, region }: Place): string {
  if (document.startsWith('arn:')) return document;
  return `arn:${partitionOf(region)}:ssm:${region}:${account}:document/${document}`;
}

export const filesFacts = {
  identify(config: FilesConfig, home: Place) {
    const { host, port } = probeEndpoint(config.probe);
    const place = placeOf(config, home);
    const listener = `${placeKey(place)}/${host.toLowerCase()}:${port}`;
    // A host may serve several certificates, each for names of its own.
    return { key: `files:${listener}`, place, listener, isExclusive: false, resourceArn: null };
  },
  permissionValues(config: FilesConfig, home: Place) {
    const { push } = config;
    const { instances = [], tag } = push ?? {};
    return {
      push: push ? ['push'] : [],
      document: push ? [documentArn(push.document, placeOf(config, home))] : [],
      instance: instances.filter((id) => id.startsWith('i-')),
      managedInstance: instances.filter((id) => id.startsWith('mi-')),
      tagKey: tag ? [tag.key] : [],
      tagValue: tag?.values ?? [],
    };
  },
  isFetched: true,
} satisfies TargetFacts<FilesConfig>;
