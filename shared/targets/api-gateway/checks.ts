import { partitionOf } from '#shared/region.ts';
import type { PluginCheck } from '#shared/schema/plugin-check.ts';

type Domain = { readonly endpoint: 'regional' | 'edge'; readonly region?: string | undefined };

/** GovCloud has no edge-optimized endpoints (govcloud-abp); for China no page says that it has any. */
export const domainHasAnEdge: PluginCheck<Domain> = (own, file) =>
  own.flatMap(({ path, value }) => {
    const region = value.region ?? file.region;
    if (value.endpoint !== 'edge' || region === null || partitionOf(region) === 'aws') return [];
    return [
      {
        path: [...path, 'endpoint'],
        value: 'edge',
        message: `is not possible in ${region}: its partition has no edge-optimized endpoints`,
        fix: 'Write "endpoint: regional" for a Regional custom domain name.',
      },
    ];
  });
