import { randomUUID } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import type {
  Change,
  ChangeAction,
  CreateHostedZoneResponse,
  RRType,
} from '@aws-sdk/client-route-53';
import { publicDns } from '../dns/public-dns.ts';
import { type DnsServer, startDns } from '../dns/server.ts';
import { operator } from '../operator.ts';
import { route53 } from '../services/route53/service.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { ask, type Call } from '../wire/service.ts';

const localCall: Call = {
  region: 'us-east-1',
  account: '000000000000',
  accessKeyId: 'test',
};

export type Route53 = ReturnType<typeof route53>;

/** Route 53 on a virtual clock, with its zones answering over a real socket. */
export async function localDns(
  options: { insyncMs?: number; addresses?: Readonly<Record<string, readonly string[]>> } = {},
): Promise<{ clock: VirtualClock; dns: Route53; server: DnsServer }> {
  const clock = virtualClock();
  const dns = route53({ clock, insyncMs: options.insyncMs ?? 0 });
  const server = await startDns({
    lookup: publicDns({
      zones: dns.publicZones,
      addresses: (name) => options.addresses?.[name] ?? null,
    }),
  });
  return { clock, dns, server };
}

/** Calls one operation as the front would. */
// biome-ignore lint/suspicious/noExplicitAny: tests read the outputs of many operations
export function call(dns: Route53, operation: string, input: object): any {
  return dns.operations[operation]?.(input, localCall);
}

/** As the operator, who takes nothing from the rates of the account. */
export function createZone(dns: Route53, name: string, more: object = {}): string {
  const input = { Name: name, CallerReference: randomUUID(), ...more };
  const { accessKeyId } = operator;
  const asked = { ...localCall, accessKeyId };
  return ask<CreateHostedZoneResponse>(dns, 'CreateHostedZone', input, asked).HostedZone?.Id ?? '';
}

export function change(
  action: ChangeAction,
  name: string,
  type: RRType,
  values: readonly string[],
  ttl = 60,
): Change {
  return {
    Action: action,
    ResourceRecordSet: {
      Name: name,
      Type: type,
      TTL: ttl,
      ResourceRecords: values.map((Value) => ({ Value })),
    },
  };
}

export function apply(dns: Route53, zoneId: string, ...changes: Change[]) {
  return call(dns, 'ChangeResourceRecordSets', {
    HostedZoneId: zoneId,
    ChangeBatch: { Changes: changes },
  });
}

/** A resolver that asks only the given server, once. */
export function resolverOf(address: string): Resolver {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([address]);
  return resolver;
}
