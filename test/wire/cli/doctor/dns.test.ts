import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caa } from '#cli/prepare/doctor/checks/caa.ts';
import { cnames } from '#cli/prepare/doctor/checks/cnames.ts';
import { zones } from '#cli/prepare/doctor/checks/zones.ts';
import { examine } from '#cli/prepare/doctor/examine.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText } from '#test/support/fleet.ts';

let lab: DoctorLab;
let zoneId: string;

beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  shop:
    names: [shop.example.com]
    issuer: local
  all:
    names: ["*.example.com"]
    issuer: local
`),
  );
  zoneId = await zoneOf('example.com');
});
afterAll(() => lab?.close());

const route53 = () => new Route53Client(lab.operatorIn('us-east-1'));

async function zoneOf(name: string): Promise<string> {
  const { HostedZones } = await route53().send(
    new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 1 }),
  );
  return HostedZones?.[0]?.Id?.replace('/hostedzone/', '') ?? '';
}

async function change(
  Action: 'UPSERT' | 'DELETE',
  Name: string,
  Type: RRType,
  ...values: readonly string[]
) {
  const ResourceRecords = values.map((Value) => ({ Value }));
  const ResourceRecordSet = { Name, Type, TTL: 60, ResourceRecords };
  await route53().send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] },
    }),
  );
}

test('a zone that is there and delegated is ok', async () => {
  expect(lines(await lab.findings(zones))).toEqual([
    `ok: example.com (${zoneId}) is public and delegated (for shop.example.com, *.example.com)`,
  ]);
});

test('a zone that is not there is wrong, and the command makes it', async () => {
  const text = lab.configText.replace('shop.example.com', 'shop.example.org');
  expect(await lab.findings(zones, text)).toContainEqual({
    mark: 'wrong',
    text: 'no public hosted zone holds _acme-challenge.shop.example.org, and public DNS knows none (for shop.example.org)',
    command:
      'aws route53 create-hosted-zone --name example.org --caller-reference certkeep-example.org',
  });
});

test('a name that is delegated away is wrong, and the command shows the servers of the zone', async () => {
  await change('UPSERT', 'shop.example.com', 'NS', 'ns1.example.net.');
  const found = await lab.findings(zones);
  await change('DELETE', 'shop.example.com', 'NS', 'ns1.example.net.');
  expect(found).toContainEqual({
    mark: 'wrong',
    text: expect.stringMatching(
      /^shop\.example\.com is delegated away from example\.com, to ns1\.example\.net/,
    ),
    say: 'Name these servers at your registrar, or in the zone above:',
    command: `aws route53 get-hosted-zone --id ${zoneId} --query DelegationSet.NameServers`,
  });
});

test('a zone at another service is asked of public DNS', async () => {
  const elsewhere = (name: string) =>
    lab.configText
      .replace('shop.example.com', name)
      .replace('type: route53', 'type: cloudflare\n    secret: dns/cloudflare');
  expect(lines(await lab.findings(zones, elsewhere('shop.example.com')))).toEqual([
    expect.stringMatching(/^ok: example\.com is delegated to ns-.* \(cloudflare\) \(for /),
  ]);
  expect(await lab.findings(zones, elsewhere('shop.example.org'))).toContainEqual({
    mark: 'wrong',
    text: expect.stringContaining(
      'public DNS knows no zone that holds _acme-challenge.shop.example.org',
    ),
    say: expect.stringContaining('Register the domain'),
    command: 'dig +trace NS example.org',
  });
});

test('where DNS does not answer, nothing is said to be well', async () => {
  const silent = async () => ({ answered: false, why: 'ETIMEOUT' }) as const;
  const dns = {
    addresses: silent,
    nameServers: silent,
    cname: silent,
    caa: silent,
    txtAt: silent,
  };
  for (const strategy of ['none', `follow\n    hostedZoneId: ${zoneId}`]) {
    const text = lab.configText.replace(
      'type: route53',
      `type: route53\n    cnameStrategy: ${strategy}`,
    );
    const subject = { ...(await lab.subjectOf(text)), dns };
    for (const { findings, title } of await examine([zones, cnames, caa], subject)) {
      expect(findings.length, title).toBeGreaterThan(0);
      for (const { mark, text } of findings) {
        expect({ mark, text }).toEqual({
          mark: 'not known',
          text: expect.stringContaining('ETIMEOUT'),
        });
      }
    }
  }
});

test('without a CNAME there is nothing to follow', async () => {
  expect(lines(await lab.findings(cnames))).toEqual(['ok: example.com has none']);
});

test('a CNAME is wrong where it is not followed, and otherwise it is said where it leads', async () => {
  const own = '_acme-challenge.shop.example.com';
  await change('UPSERT', own, 'CNAME', 'shop.acme.example.com.');
  expect(await lab.findings(cnames)).toEqual([
    {
      mark: 'wrong',
      text: `${own} is a CNAME to shop.acme.example.com, beside which no value can be, and cnameStrategy is none`,
      say: expect.stringContaining('write "cnameStrategy: follow"'),
      command: `dig +short CNAME ${own}`,
    },
  ]);
  const following = lab.configText.replace(
    'type: route53',
    `type: route53\n    cnameStrategy: follow\n    hostedZoneId: ${zoneId}`,
  );
  expect(lines(await lab.findings(cnames, following))).toEqual([
    `ok: ${own} leads to shop.acme.example.com`,
  ]);
  await change('UPSERT', 'shop.acme.example.com', 'CNAME', `${own}.`);
  expect(await lab.findings(cnames, following)).toMatchObject([
    { mark: 'wrong', text: expect.stringContaining('the CNAMEs do not end') },
  ]);
  await change('DELETE', 'shop.acme.example.com', 'CNAME', `${own}.`);
  await change('DELETE', own, 'CNAME', 'shop.acme.example.com.');
});

/** As the local CA calls itself in its directory. */
const identity = 'ca.test';

test('without CAA records, and with one for the CA, every issuer may issue', async () => {
  expect(lines(await lab.findings(caa))).toEqual([
    'ok: no record keeps local from issuing (shop.example.com, *.example.com)',
  ]);
  await change('UPSERT', 'example.com', 'CAA', `0 issue "${identity}"`);
  expect(lines(await lab.findings(caa))).toEqual([
    'ok: records let local issue (shop.example.com, *.example.com)',
  ]);
});

test('a record for another CA is wrong, and the command adds one beside it', async () => {
  await change('UPSERT', 'example.com', 'CAA', '0 issue "ca.example.net"', '0 issuewild ";"');
  const found = await lab.findings(caa);
  expect(lines(found)).toEqual([
    expect.stringMatching(/^wrong: local for shop\.example\.com: CAA at example\.com: issue/),
    expect.stringMatching(/^wrong: local for \*\.example\.com: CAA at example\.com: issuewild/),
  ]);
  const [first, second] = found;
  expect(first?.say).toBe(`To add 0 issue "${identity}" at example.com:`);
  expect(second?.say).toBe(`To add 0 issuewild "${identity}" at example.com:`);
  const [, json = ''] =
    /^aws route53 change-resource-record-sets --hosted-zone-id (?:\S+) --change-batch '(.*)'$/.exec(
      first?.command ?? '',
    ) ?? [];
  await route53().send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: JSON.parse(json) }),
  );
  expect(lines(await lab.findings(caa))).toEqual([
    expect.stringMatching(/^wrong: local for \*\.example\.com/),
    'ok: records let local issue (shop.example.com)',
  ]);
});
