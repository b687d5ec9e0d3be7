import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { clbTarget } from './clb.ts';
import { awsClbClient } from './client.ts';
import type { ClbConfig } from './facts.ts';
import { pacedClb } from './paced.ts';

export const plugin = {
  inPlace({ clock, elbPace, options }: PlacePorts) {
    const client = pacedClb(awsClbClient(options), elbPace);
    return {
      target(config: ClbConfig, identity: TargetIdentity) {
        return clbTarget({ ...config, identity, client, clock });
      },
    };
  },
} satisfies TargetPlugin;
