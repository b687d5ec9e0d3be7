import { expect, test } from 'vitest';
import type { ChallengeType } from '#shared/solvers/challenge-type.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import { configYaml, problemsOf } from '#test/support/config-yaml.ts';

type Solver = {
  readonly id: string;
  readonly challenge: ChallengeType;
  readonly selector?: { readonly dnsNames?: string[]; readonly dnsZones?: string[] };
};

const http = (id: string, selector?: Solver['selector']): Solver => ({
  id,
  challenge: 'http-01',
  ...(selector && { selector }),
});
const dns = (id: string, selector?: Solver['selector']): Solver => ({
  ...http(id, selector),
  challenge: 'dns-01',
});

const defaultHttp = http('default http');
const defaultDns = dns('default dns');
const elsewhere = http('elsewhere', { dnsNames: ['elsewhere.example.net'] });
const exact = http('exact', { dnsNames: ['example.com'] });
const zone = dns('zone', { dnsZones: ['example.com'] });
const prod = dns('prod', { dnsZones: ['prod.example.com'] });
const wwwName = http('www name', { dnsNames: ['www.example.com'] });
const wwwBoth = http('www both', { dnsZones: ['example.com'], dnsNames: ['www.example.com'] });

/**
 * cert-manager's own cases: pkg/util/solverpicker/solverpicker_test.go (TestPick), with the wildcard put
 * back as it does there, and pkg/controller/acmeorders/selectors/dns_zones_test.go (TestDNSZones).
 */
test.each<[string, string, ChallengeType, readonly Solver[], string | null]>([
  [
    'should use configured default solver when no others are present',
    'example.com',
    'http-01',
    [defaultHttp],
    'default http',
  ],
  [
    'should use configured default solver when no others are present but selector is non-nil',
    'example.com',
    'http-01',
    [http('empty selector', {})],
    'empty selector',
  ],
  [
    // There it does not match by its labels, which certkeep does not have.
    'should use configured default solver when others do not match',
    'example.com',
    'http-01',
    [defaultHttp, elsewhere],
    'default http',
  ],
  [
    'should use DNS01 solver over HTTP01 if challenge is of type DNS01',
    'example.com',
    'dns-01',
    [defaultHttp, defaultDns],
    'default dns',
  ],
  ['should return nil if none match', 'example.com', 'http-01', [elsewhere], null],
  [
    'uses correct solver when selector explicitly names dnsName',
    'example.com',
    'http-01',
    [defaultHttp, exact],
    'exact',
  ],
  [
    'uses default solver if dnsName does not match',
    'notexample.com',
    'http-01',
    [defaultHttp, exact],
    'default http',
  ],
  [
    'should match wildcard dnsName solver if authorization has Wildcard=true',
    '*.example.com',
    'dns-01',
    [defaultDns, dns('wildcard', { dnsNames: ['*.example.com'] })],
    'wildcard',
  ],
  [
    'dnsName selectors should take precedence over dnsZone selectors',
    'example.com',
    'http-01',
    [exact, http('com', { dnsZones: ['com'] })],
    'exact',
  ],
  [
    'dnsName selectors should take precedence over dnsZone selectors (reversed order)',
    'example.com',
    'http-01',
    [dns('com', { dnsZones: ['com'] }), exact],
    'exact',
  ],
  [
    'should allow matching with dnsZones',
    '*.www.example.com',
    'dns-01',
    [defaultDns, zone],
    'zone',
  ],
  [
    'most specific dnsZone should be selected if multiple match',
    '*.www.prod.example.com',
    'dns-01',
    [zone, prod],
    'prod',
  ],
  [
    'most specific dnsZone should be selected if multiple match (reversed)',
    '*.www.prod.example.com',
    'dns-01',
    [prod, zone],
    'prod',
  ],
  [
    'if both solvers match dnsNames, and one also matches dnsZones, choose the one that matches dnsZones',
    'www.example.com',
    'http-01',
    [wwwName, wwwBoth],
    'www both',
  ],
  [
    'if both solvers match dnsNames, and one also matches dnsZones, choose the one that matches dnsZones (reversed)',
    'www.example.com',
    'http-01',
    [wwwBoth, wwwName],
    'www both',
  ],
  [
    'uses correct solver when selector explicitly names dnsName (reversed)',
    'example.com',
    'http-01',
    [exact, defaultHttp],
    'exact',
  ],
  [
    'matching a domain with an empty selector',
    'www.example.com',
    'dns-01',
    [dns('empty', {})],
    'empty',
  ],
  ['matching a domain in a zone', 'www.example.com', 'dns-01', [zone], 'zone'],
  ['matching a wildcard domain in a zone', '*.example.com', 'dns-01', [zone], 'zone'],
])('%s', (_, name, offered, solvers, id) => {
  const select = solverSelection(solvers, ({ challenge }) => challenge);
  expect(select(name, [offered])?.id ?? null).toBe(id);
});

test('labels, on which its other seven cases turn, are refused instead of being ignored', () => {
  const solvers = 'solvers: [{type: route53, selector: {matchLabels: {label: exists}}}]';
  expect(problemsOf(configYaml({ solvers }))).toMatchObject([
    { path: 'solvers[0].selector.matchLabels', message: 'is not a key known here' },
  ]);
});
