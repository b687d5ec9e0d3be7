import type { Answer, CaaData } from 'dns-packet';
import { parseTxt } from './txt.ts';
import type { RecordSet } from './zone.ts';

/** The records of one set in dns-packet's form, under the name of the question. */
export function answersOf(set: RecordSet, name: string): Answer[] {
  return set.values.map((value) => answer(set, name, value));
}

export function addressAnswers(
  addresses: readonly string[],
  name: string,
  type: string,
  ttl: number,
): Answer[] {
  if (type !== 'A' && type !== 'AAAA') return [];
  return addresses
    .filter((address) => address.includes(':') === (type === 'AAAA'))
    .map((data) => ({ type, name, ttl, data }));
}

function answer(set: RecordSet, name: string, value: string): Answer {
  const common = { name, ttl: set.ttlSeconds };
  const words = value.trim().split(/\s+/);
  switch (set.type) {
    case 'A':
    case 'AAAA':
      return { ...common, type: set.type, data: value };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...common, type: set.type, data: host(value) };
    case 'TXT':
      return { ...common, type: 'TXT', data: txtBytes(value) };
    case 'MX':
      return {
        ...common,
        type: 'MX',
        data: { preference: number(words, 0), exchange: host(words[1]) },
      };
    case 'SRV':
      return {
        ...common,
        type: 'SRV',
        data: {
          priority: number(words, 0),
          weight: number(words, 1),
          port: number(words, 2),
          target: host(words[3]),
        },
      };
    case 'CAA':
      return {
        ...common,
        type: 'CAA',
        data: {
          flags: number(words, 0),
          tag: words[1] as CaaData['tag'],
          value: parseTxt(words.slice(2).join(' '))?.[0] ?? '',
        },
      };
    case 'SOA':
      return {
        ...common,
        type: 'SOA',
        data: {
          mname: host(words[0]),
          rname: host(words[1]),
          serial: number(words, 2),
          refresh: number(words, 3),
          retry: number(words, 4),
          expire: number(words, 5),
          minimum: number(words, 6),
        },
      };
  }
}

function txtBytes(value: string): Buffer[] {
  return (parseTxt(value) ?? []).map((text) => Buffer.from(text, 'latin1'));
}

function host(value = ''): string {
  return value.replace(/\.$/, '');
}

function number(words: readonly string[], index: number): number {
  return Number(words[index] ?? 0);
}
