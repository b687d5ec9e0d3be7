import { expect, test } from 'vitest';
import { selectSolver } from '#shared/solvers/select.ts';

type Selector = { dnsNames?: readonly string[]; dnsZones?: readonly string[] };

const fallback = { id: 'default' };
const empty = { id: 'empty', selector: {} };
const zone = selecting('zone', { dnsZones: ['example.com'] });
const sameZone = selecting('same zone', { dnsZones: ['example.com'] });
const subzone = selecting('subzone', { dnsZones: ['example.com', 'eu.example.com'] });
const tld = selecting('tld', { dnsZones: ['com'] });
const exact = selecting('exact', { dnsNames: ['www.eu.example.com'] });
const wildcard = selecting('wildcard', { dnsNames: ['*.example.com'] });
const both = selecting('both', { dnsNames: ['www.eu.example.com'], dnsZones: ['example.com'] });
const neither = selecting('neither', {
  dnsNames: ['www.eu.example.com'],
  dnsZones: ['example.net'],
});

function selecting(id: string, selector: Selector) {
  return { id, selector };
}

test.each([
  ['no solver, no choice', 'example.com', [], null],
  ['a selector that does not match is passed over', 'example.net', [zone, exact], null],
  ['without selector it is the default', 'example.net', [zone, fallback], 'default'],
  ['the default is the last resort, wherever it stands', 'example.com', [fallback, zone], 'zone'],
  ['the first default stays', 'example.net', [fallback, { id: 'second' }], 'default'],
  [
    'an empty selector weighs as much as none: after the default',
    'a.com',
    [fallback, empty],
    'default',
  ],
  [
    'an empty selector weighs as much as none: before the default',
    'a.com',
    [empty, fallback],
    'empty',
  ],
  [
    'an empty list is no condition',
    'a.com',
    [selecting('lists', { dnsNames: [], dnsZones: [] })],
    'lists',
  ],
  ['a zone covers its apex', 'example.com', [zone], 'zone'],
  ['a zone covers all below', 'a.b.c.example.com', [zone], 'zone'],
  ['a zone covers wildcards', '*.example.com', [zone], 'zone'],
  ['a zone ends at a label', 'badexample.com', [zone], null],
  ['the longer zone wins', 'www.eu.example.com', [zone, subzone], 'subzone'],
  ['the longer zone wins in any order', 'www.eu.example.com', [subzone, zone], 'subzone'],
  ['only the zones that match count', 'www.us.example.com', [zone, subzone], 'zone'],
  ['a zone may be a single label', 'www.example.com', [tld, zone], 'zone'],
  ['of equals the earlier stays', 'www.example.com', [sameZone, zone], 'same zone'],
  ['a zone beats an empty selector', 'www.example.com', [empty, zone], 'zone'],
  ['an exact name beats the longest zone', 'www.eu.example.com', [subzone, exact], 'exact'],
  ['an exact name beats zones that come later', 'www.eu.example.com', [exact, subzone], 'exact'],
  ['names are exact, not suffixes', 'a.www.eu.example.com', [exact], null],
  ['a wildcard must be listed as such', '*.example.com', [wildcard], 'wildcard'],
  ['a listed wildcard covers nothing else', 'www.example.com', [wildcard], null],
  ['name and zone must both match', 'www.eu.example.com', [neither, zone], 'zone'],
  ['the zone alone does not match where a name is asked', 'example.com', [both], null],
  ['between two exact names the zone decides', 'www.eu.example.com', [exact, both], 'both'],
  [
    'between two exact names the zone decides in any order',
    'www.eu.example.com',
    [both, exact],
    'both',
  ],
])('%s', (_, name, solvers, id) => {
  expect(selectSolver<{ id: string; selector?: Selector }>(name, solvers)?.id ?? null).toBe(id);
});
