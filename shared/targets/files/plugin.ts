import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { awsCommandClient } from './client.ts';
import type { FilesConfig } from './facts.ts';
import { filesTarget } from './files.ts';

export const plugin = {
  inPlace({ home, installation, options }: PlacePorts) {
    const client = awsCommandClient(options);
    return {
      target(config: FilesConfig, identity: TargetIdentity, certificate: string) {
        return filesTarget({ config, identity, installation, certificate, home, client });
      },
    };
  },
} satisfies TargetPlugin<FilesConfig>;
