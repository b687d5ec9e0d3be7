import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { acmTarget } from './acm.ts';
import { awsParameterClient } from './client.ts';
import type { AcmConfig } from './facts.ts';

export const plugin = {
  inPlace({ clock, installation, options }: PlacePorts) {
    const client = awsParameterClient(options);
    return {
      target(config: AcmConfig, identity: TargetIdentity, certificate: string) {
        return acmTarget({ config, identity, installation, certificate, client, clock });
      },
    };
  },
} satisfies TargetPlugin;
