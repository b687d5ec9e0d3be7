import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { awsCloudFrontClient } from './client.ts';
import { cloudfrontTarget } from './cloudfront.ts';
import type { CloudFrontConfig } from './facts.ts';
import { pacedCloudFront } from './paced.ts';

export const plugin = {
  inPlace({ clock, options }: PlacePorts) {
    const client = pacedCloudFront(awsCloudFrontClient(options, clock), clock);
    return {
      target({ distribution }: CloudFrontConfig, identity: TargetIdentity) {
        return cloudfrontTarget({ identity, distribution, client, clock });
      },
    };
  },
} satisfies TargetPlugin;
