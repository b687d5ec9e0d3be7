import { createHash } from 'node:crypto';
import type { Config } from './config.ts';

const digests = new WeakMap<Config, string>();

/** Of ten thousand certificates it takes some milliseconds, and a container has one configuration. */
export function digestOfConfig(config: Config): string {
  const digest =
    digests.get(config) ?? createHash('sha256').update(JSON.stringify(config)).digest('base64url');
  digests.set(config, digest);
  return digest;
}
