import type { Clock } from '../../clock.ts';
import type { ServedZone } from '../../dns/zone.ts';
import type { Operations } from '../../wire/service.ts';
import { changeResourceRecordSets, getChange } from './changes.ts';
import { listHostedZones, listHostedZonesByName, listResourceRecordSets } from './listing.ts';
import { meteredRoute53, type Route53Rates } from './rates.ts';
import { type Route53State, servedZones } from './state.ts';
import { createHostedZone, getHostedZone } from './zones.ts';

export type Route53 = {
  readonly operations: Operations;
  /** The zones of all accounts as the public name servers see them now, with changes in sync only. */
  publicZones(): readonly ServedZone[];
  /** Changes take this long to be in sync from now on. */
  setInsyncMs(ms: number): void;
};

/** AWS says "Generally within 60 seconds"; in practice it takes a few seconds. */
const usualInsyncMs = 5_000;

export function route53(options: {
  readonly clock: Clock;
  /** The time from a change to INSYNC; until then the name servers answer as before. */
  readonly insyncMs?: number;
  /** AWS's documented rates by default. */
  readonly rates?: Route53Rates;
}): Route53 {
  const { clock, insyncMs = usualInsyncMs } = options;
  const state: Route53State = { clock, insyncMs, accounts: new Map() };
  const operations: Operations = {
    CreateHostedZone: (input, call) => createHostedZone(state, input, call),
    GetHostedZone: (input, call) => getHostedZone(state, input, call),
    ListHostedZones: (input, call) => listHostedZones(state, input, call),
    ListHostedZonesByName: (input, call) => listHostedZonesByName(state, input, call),
    ListResourceRecordSets: (input, call) => listResourceRecordSets(state, input, call),
    ChangeResourceRecordSets: (input, call) => changeResourceRecordSets(state, input, call),
    GetChange: (input, call) => getChange(state, input, call),
  };
  return {
    operations: meteredRoute53(operations, options),
    publicZones: () => servedZones(state),
    setInsyncMs(ms) {
      state.insyncMs = ms;
    },
  };
}
