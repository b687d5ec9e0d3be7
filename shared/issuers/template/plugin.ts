import type { IssuerDeps, IssuerPlugin } from '../issuer-plugin.ts';
import { httpSigningClient } from './client.ts';
import type { TemplateConfig } from './spec.ts';
import { templateIssuer } from './template.ts';

/** What the registry loads where the configuration names this kind. */
export const plugin = {
  create({ server, token }: TemplateConfig, { readSecret }: IssuerDeps) {
    return templateIssuer(
      server,
      httpSigningClient(server, () => readSecret(token)),
    );
  },
} satisfies IssuerPlugin<TemplateConfig>;
