import { CommandFailed } from '../failure.ts';
import { findKeptCloud } from '../reach/kept-cloud.ts';
import { usualConfigFile } from '../reach/read-config.ts';
import type { Connection } from './callers.ts';

/** The cloud that a command asks: AWS, or a kept local cloud with the file that runs there. */
export type Surroundings = {
  readonly connection: Connection;
  readonly file: string;
  /** `address:port` of the DNS to ask; null for that of the system. */
  readonly resolver: string | null;
  readonly isLocal: boolean;
  /** The kept local cloud runs this file. */
  readonly isPlayed: boolean;
};

/** @throws CommandFailed where a local cloud is meant and none is kept */
export function surroundingsOf(options: {
  readonly config?: string;
  readonly local?: true;
  readonly resolver?: string;
}): Surroundings {
  const { config, local, resolver = null } = options;
  if (!local) {
    const file = config ?? usualConfigFile;
    return { connection: {}, file, resolver, isLocal: false, isPlayed: false };
  }
  const kept = findKeptCloud();
  if (!kept) throw new CommandFailed('no local cloud is kept running here', 'npm start -- --keep');
  const { credentials, endpoint } = kept;
  return {
    connection: { credentials, endpoint },
    file: config ?? kept.config ?? usualConfigFile,
    resolver: resolver ?? kept.resolver ?? null,
    isLocal: true,
    isPlayed: kept.config !== undefined && (config ?? kept.config) === kept.config,
  };
}
