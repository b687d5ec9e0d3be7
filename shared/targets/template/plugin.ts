import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { httpTemplateClient } from './client.ts';
import type { TemplateConfig } from './facts.ts';
import { templateTarget } from './template.ts';

/** The registry loads this where the configuration names the kind. */
export const plugin = {
  inPlace({ clock }: PlacePorts) {
    return {
      target(config: TemplateConfig, identity: TargetIdentity) {
        const client = httpTemplateClient(config.server);
        return templateTarget({ identity, name: config.listener, client, clock });
      },
    };
  },
} satisfies TargetPlugin<TemplateConfig>;
