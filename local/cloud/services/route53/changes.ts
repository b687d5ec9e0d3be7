import type {
  ChangeResourceRecordSetsCommandInput,
  ChangeResourceRecordSetsResponse,
  GetChangeCommandInput,
  GetChangeResponse,
} from '@aws-sdk/client-route-53';
import type { Call } from '../../wire/service.ts';
import { applyBatch } from './change-batch.ts';
import { changeAt, newestRecords, type Route53State, submit, zoneAt } from './state.ts';
import { changeInfo } from './views.ts';

export function changeResourceRecordSets(
  state: Route53State,
  input: ChangeResourceRecordSetsCommandInput,
  call: Call,
): ChangeResourceRecordSetsResponse {
  const zone = zoneAt(state, input.HostedZoneId, call);
  const records = applyBatch(zone.name, newestRecords(zone), input.ChangeBatch?.Changes);
  const change = submit(state, zone, records, call, input.ChangeBatch?.Comment);
  return { ChangeInfo: changeInfo(change, state.clock.now()) };
}

export function getChange(
  state: Route53State,
  { Id }: GetChangeCommandInput,
  call: Call,
): GetChangeResponse {
  return { ChangeInfo: changeInfo(changeAt(state, Id, call), state.clock.now()) };
}
