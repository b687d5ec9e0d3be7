import { isIPv4, isIPv6 } from 'node:net';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { normalName } from '../../dns/names.ts';
import { parseTxt } from '../../dns/txt.ts';
import type { RecordSet, RecordType } from '../../dns/zone.ts';
import { AwsError } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';

const supportedTypes: readonly string[] = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'MX',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] satisfies RecordType[];

const routingMembers = [
  'Weight',
  'Region',
  'GeoLocation',
  'Failover',
  'HealthCheckId',
  'TrafficPolicyInstanceId',
  'CidrRoutingConfig',
  'GeoProximityLocation',
] as const satisfies (keyof ResourceRecordSet)[];

const operation = 'ChangeResourceRecordSets';
const longestTxtString = 255;
const longestValue = 4_000;

/** Reads one set of a change. Throws where AWS refuses the whole request. */
export function readRecordSet(set: ResourceRecordSet, action: string): RecordSet {
  for (const member of routingMembers) {
    if (set[member] !== undefined) throw notImplemented(operation, member);
  }
  if ((set.SetIdentifier === undefined) === (set.MultiValueAnswer === true)) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Missing field in Change with [Action=${action}, Name=${set.Name}, Type=${set.Type}, SetIdentifier=${set.SetIdentifier ?? null}]`,
    );
  }
  const type = set.Type ?? '';
  if (!supportedTypes.includes(type)) throw notImplemented(operation, `Type ${type}`);
  const aliasTarget = set.AliasTarget?.DNSName;
  const values = (set.ResourceRecords ?? []).map((record) => record.Value ?? '');
  const isPlain = set.TTL !== undefined && values.length > 0;
  if (isPlain === (aliasTarget !== undefined)) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${isPlain ? 'more than one' : 'none'} in Change with [Action=${action}, Name=${set.Name}, Type=${type}, SetIdentifier=null]`,
    );
  }
  return {
    name: normalName(set.Name ?? ''),
    type: type as RecordType,
    ttlSeconds: set.TTL ?? 60,
    values,
    ...(aliasTarget !== undefined && { aliasTarget: normalName(aliasTarget) }),
    ...(set.SetIdentifier !== undefined && { identifier: set.SetIdentifier }),
  };
}

export function writeRecordSet(set: RecordSet): ResourceRecordSet {
  if (set.aliasTarget !== undefined) {
    const alias = { HostedZoneId: 'ZLOCAL', DNSName: set.aliasTarget, EvaluateTargetHealth: false };
    return { Name: set.name, Type: set.type, AliasTarget: alias };
  }
  return {
    Name: set.name,
    Type: set.type,
    TTL: set.ttlSeconds,
    ResourceRecords: set.values.map((Value) => ({ Value })),
    ...(set.identifier !== undefined && {
      SetIdentifier: set.identifier,
      MultiValueAnswer: true,
    }),
  };
}

/** Says in AWS's words what is wrong with the values; null where nothing is. */
export function valueProblem(set: RecordSet): string | null {
  const twice = set.values.find((value, index) => set.values.indexOf(value) !== index);
  if (twice !== undefined) return `Duplicate Resource Record: '${twice}'`;
  if (set.type === 'CNAME' && set.values.length > 1) {
    return `RRSet with DNS name ${set.name}, type CNAME contains more than one resource record`;
  }
  for (const value of set.values) {
    const fatal = fatalProblem(set.type, value);
    if (fatal)
      return `Invalid Resource Record: 'FATAL problem: ${fatal} encountered with '${value}''`;
  }
  return null;
}

function fatalProblem(type: RecordType, value: string): string | null {
  if (value.length > longestValue) return 'CharacterStringTooLong (Value is too long)';
  if (type === 'A' && !isIPv4(value))
    return 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)';
  if (type === 'AAAA' && !isIPv6(value))
    return 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)';
  if (type !== 'TXT') return null;
  const strings = parseTxt(value);
  if (!strings) return 'InvalidCharacterString (Value should be enclosed in quotation marks)';
  if (strings.some((text) => text.length > longestTxtString)) {
    return 'CharacterStringTooLong (Value is too long)';
  }
  return null;
}
