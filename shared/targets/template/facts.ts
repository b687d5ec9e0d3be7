import { type Place, placeKey } from '#shared/place.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { templateSpec } from './spec.ts';

export type TemplateConfig = ConfiguredBy<(typeof templateSpec)['schema']>;

/** What every function asks, without the client and without zod. */
export const templateFacts = {
  identify({ listener, server }: TemplateConfig, home: Place) {
    const name = `${placeKey(home)}/${server}#${listener}`;
    return {
      // It stands in the record for as long as the certificate is served there: the same line of the file gives the same key.
      key: `template:${name}`,
      place: home,
      listener: name,
      isExclusive: true,
      // ACM names what uses a certificate; this server it does not know.
      resourceArn: name,
    };
  },
} satisfies TargetFacts<TemplateConfig>;
