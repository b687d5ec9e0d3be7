import { awsSecretReader } from '#shared/adapters/secret-reader.ts';
import { heartbeat } from '#shared/check/signs/heartbeat.ts';
import type { Sign } from '#shared/check/signs/sign.ts';
import type { Foundation } from '../foundation.ts';

/** The heartbeat whose address is in that secret. Check loads it where the configuration has one. */
export function composeHeartbeat({ clients }: Foundation, secret: string): Sign {
  const read = awsSecretReader(clients, 'HeartbeatNotTaken');
  return heartbeat(() => read(secret));
}
