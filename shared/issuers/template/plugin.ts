import type { IssuerDeps, IssuerPlugin } from '../issuer-plugin.ts';
import { httpSigningClient } from './client.ts';
import type { TemplateConfig } from './spec.ts';
import { templateIssuer } from './template.ts';

/** The registry loads this where the configuration names the kind. */
export const plugin = {
  create({ server, token }: TemplateConfig, { readSecret }: IssuerDeps) {
    return templateIssuer(
      server,
      httpSigningClient(server, () => readSecret(token)),
    );
  },
} satisfies IssuerPlugin<TemplateConfig>;
