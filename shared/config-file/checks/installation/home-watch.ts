import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

/** If the home region or the account is lost, nothing there can say so. */
export function homeIsWatched({ alerts, replicas }: Draft): readonly Finding[] {
  if (alerts.hasHeartbeat || replicas.length > 0) return [];
  return [
    {
      path: ['alerts'],
      value: '',
      message:
        'nobody hears if the home region or the account is away: nothing outside waits for a sign of certkeep',
      fix: 'Add "heartbeat: {secret: …}" with the address of a dead-man service, or a region under "replicas:".',
    },
  ];
}
