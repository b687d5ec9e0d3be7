import type { ClientSettings } from '#shared/aws/clients.ts';
import type { Location } from './locate.ts';

/** The settings of an SDK client for an installation. What answers on this machine is asked once. */
export function settingsAt({ credentials, endpoint, region }: Location): ClientSettings {
  return {
    region,
    ...(endpoint && { endpoint, maxAttempts: 1 }),
    ...(credentials && { credentials }),
  };
}
