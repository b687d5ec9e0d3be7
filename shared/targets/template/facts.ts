import { type Place, placeKey } from '#shared/place.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { templateSpec } from './spec.ts';

export type TemplateConfig = ConfiguredBy<(typeof templateSpec)['schema']>;

/** Every function asks for these facts, without loading the client or zod. */
export const templateFacts = {
  identify({ listener, server }: TemplateConfig, home: Place) {
    const name = `${placeKey(home)}/${server}#${listener}`;
    return {
      // The record keeps this key for as long as the target serves the certificate, so the same entry must give the same
      // key.
      key: `template:${name}`,
      place: home,
      listener: name,
      isExclusive: true,
      // ACM names the resources that use a certificate, but does not know this server.
      resourceArn: name,
    };
  },
} satisfies TargetFacts<TemplateConfig>;
