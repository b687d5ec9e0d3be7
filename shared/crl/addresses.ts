import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

type Subnet = readonly [net: string, prefix: number];

/** This machine itself, where Lambda's runtime answers. A private CA runs elsewhere. */
const ownSubnets: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
];

/** Public DNS has no use for these networks (RFC 6890): inside a VPC they lead to something of the account's own. */
const privateSubnets: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const own = listOf(ownSubnets, [
  ['::', 127],
  ['fe80::', 10],
]);
const notPublic = listOf(
  [...ownSubnets, ...privateSubnets],
  [
    ['::', 127],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
  ],
);

function listOf(ipv4: readonly Subnet[], ipv6: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of ipv4) {
    list.addSubnet(net, prefix);
    // A NAT64 gateway leads to the same addresses (RFC 6052 §2.1).
    list.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6');
  }
  for (const [net, prefix] of ipv6) list.addSubnet(net, prefix, 'ipv6');
  return list;
}

/** Refuses addresses from which no list is fetched. Private networks are allowed only for a CA that is in one. */
export type Refused = (address: string) => boolean;

export function refusedFor({ isPrivateCa }: { readonly isPrivateCa: boolean }): Refused {
  const list = isPrivateCa ? own : notPublic;
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Looks a name up and refuses the addresses too, since a name may resolve to a refused one. */
export function lookupExcept(isRefused: Refused): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      const addresses =
        typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address);
      const refused = addresses.find(isRefused);
      callback(error ?? (refused ? new Error(`${refused} is refused`) : null), address, family);
    });
  };
}
