import type { ChangeInfo, HostedZone } from '@aws-sdk/client-route-53';
import { type Change, newestRecords, type Zone } from './state.ts';

export function describeZone(zone: Zone): HostedZone {
  const count = [...newestRecords(zone).values()].reduce((sum, types) => sum + types.size, 0);
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: {
      PrivateZone: zone.isPrivate,
      ...(zone.comment !== undefined && { Comment: zone.comment }),
    },
    ResourceRecordSetCount: count,
  };
}

export function changeInfo(change: Change, now: Date): ChangeInfo {
  return {
    Id: `/change/${change.id}`,
    Status: now >= change.insyncAt ? 'INSYNC' : 'PENDING',
    SubmittedAt: change.submittedAt,
    ...(change.comment !== undefined && { Comment: change.comment }),
  };
}
