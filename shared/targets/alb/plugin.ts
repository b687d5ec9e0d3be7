import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { albTarget } from './alb.ts';
import { awsAlbClient } from './client.ts';
import { pacedAlb } from './paced.ts';
import type { AlbConfig } from './schema.ts';

export const plugin = {
  inPlace({ clock, elbPace, options }: PlacePorts) {
    const client = pacedAlb(awsAlbClient(options), elbPace);
    return {
      target(config: AlbConfig, identity: TargetIdentity) {
        return albTarget({ ...config, identity, client, clock });
      },
    };
  },
} satisfies TargetPlugin;
