import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { AcmeCa } from '#local/ca/acme-ca.ts';
import { createCertificateAuthority, makeKey } from '#local/ca/x509.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/clock.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { finalized, refusing, type TwoCas, twoCas } from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

const shop = '  shop: {names: [example.com], issuer: [first, second]}\n';
const thirtyFourHours = String(34 * 3_600);

function record(id = 'shop'): CertificateRecord {
  return cas.world.record(id);
}

function inService(id = 'shop') {
  const { desired, versions } = record(id);
  return versions.find((version) => version.id === desired) ?? expect.unreachable('it is issued');
}

function subjects(): readonly (string | null)[] {
  return cas.world.inbox().map(({ subject }) => subject);
}

/** Issued by the first CA, and so many days before its end. */
async function dueWith(
  daysLeft: number,
  options: Parameters<typeof twoCas>[1] = {},
): Promise<void> {
  cas = await twoCas(shop, { ...options, first: { authzReuse: false, ...options.first } });
  await cas.world.check();
  expect(inService().issuer).toBe('first');
  cas.world.clock.advance((90 - daysLeft) * dayMs);
}

/** As if a person deleted what proves control, whenever a challenge is answered. */
function withoutTxt(): void {
  cas.world.cloud.faults.add({
    when: ({ service, operation }) => {
      if (service !== 'acme' || operation !== 'challenge') return false;
      for (const { records } of cas.world.cloud.route53.publicZones()) {
        (records.get('_acme-challenge.example.com.') as Map<string, unknown>)?.delete('TXT');
      }
      return false;
    },
    fault: { do: 'throttle' },
  });
}

async function anotherLeaf(change: { readonly expired?: boolean; readonly key?: 'another' }) {
  const now = cas.world.clock.now();
  const authority = await createCertificateAuthority({ name: 'Odd', now });
  const leaf = await authority.issue({
    names: ['example.com'],
    publicKey: makeKey('ecdsa-p256').publicKey,
    notBefore: addMs(now, -90 * dayMs),
    notAfter: addMs(now, change.expired ? -dayMs : 90 * dayMs),
  });
  return `${leaf.certificatePem}${leaf.chainPem}`;
}

const pemType = { 'content-type': 'application/pem-certificate-chain' };

type Way = readonly [string, number, (ca: AcmeCa) => Promise<void> | void];

/** A CA that fails for days in one way, and whether the second takes its place within four hours. */
const theirs: readonly Way[] = [
  [
    'fails at newOrder',
    25,
    (ca) => ca.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 })),
  ],
  [
    'fails at finalize',
    25,
    (ca) => ca.misbehaviour.add(refusing('finalize', { type: 'serverInternal', status: 503 })),
  ],
  [
    'cannot be reached',
    25,
    () =>
      cas.world.cloud.faults.add({
        when: ({ service }) => service === 'acme',
        fault: { do: 'lose-answer' },
        times: Number.POSITIVE_INFINITY,
      }),
  ],
  [
    'takes none of its own nonces',
    25,
    (ca) => ca.misbehaviour.add(refusing('newOrder', { type: 'badNonce', status: 400 })),
  ],
  [
    'limits for longer than the certificate can wait',
    2,
    (ca) =>
      ca.misbehaviour.add(
        refusing(
          'newOrder',
          { type: 'rateLimited', status: 429 },
          { 'retry-after': thirtyFourHours },
        ),
      ),
  ],
  [
    'limits without saying for how long',
    25,
    (ca) => ca.misbehaviour.add(refusing('newOrder', { type: 'rateLimited', status: 429 })),
  ],
  [
    'is at work on an order without end',
    25,
    (ca) =>
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'order' || operation === 'finalize',
        reply: async (usual) => {
          const reply = await usual();
          const { certificate: _certificate, ...body } = reply.body as Record<string, unknown>;
          const status = body.status === 'valid' ? 'processing' : body.status;
          return { ...reply, body: { ...body, status } };
        },
      }),
  ],
  [
    'sends a certificate for another key',
    25,
    async (ca) => {
      const body = await anotherLeaf({});
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'certificate',
        reply: () => ({ status: 200, headers: pemType, body }),
      });
    },
  ],
  [
    'sends a hundred megabytes',
    25,
    (ca) =>
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'certificate',
        reply: () => ({ status: 200, headers: pemType, body: 'x'.repeat(100 << 20) }),
      }),
  ],
  [
    'redirects to another host',
    25,
    (ca) =>
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'newOrder',
        reply: () => ({
          status: 307,
          headers: { location: 'https://metadata.internal/' },
          body: {},
        }),
      }),
  ],
  [
    'ends orders by a failure of its own',
    25,
    (ca) =>
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'order',
        reply: async (usual) => {
          const reply = await usual();
          const error = {
            type: 'urn:ietf:params:acme:error:serverInternal',
            detail: 'the signer is down',
          };
          return { ...reply, body: { ...(reply.body as object), status: 'invalid', error } };
        },
      }),
  ],
];

const ours: readonly Way[] = [
  ['finds no TXT record', 25, withoutTxt],
  [
    'is forbidden by CAA',
    25,
    (ca) => ca.misbehaviour.add(refusing('finalize', { type: 'caa', status: 403 })),
  ],
  [
    'issues for no such name',
    25,
    (ca) => ca.misbehaviour.add(refusing('newOrder', { type: 'rejectedIdentifier', status: 400 })),
  ],
  [
    'finds the request malformed',
    25,
    (ca) => ca.misbehaviour.add(refusing('newOrder', { type: 'malformed', status: 400 })),
  ],
  [
    'wants new terms agreed to',
    25,
    (ca) => ca.misbehaviour.add(refusing('newOrder', { type: 'userActionRequired', status: 403 })),
  ],
  [
    'has paused the name',
    25,
    (ca) =>
      ca.misbehaviour.add(
        refusing('newOrder', {
          type: 'rateLimited',
          status: 429,
          detail:
            'Your account is temporarily prevented from requesting certificates for example.com. Please visit: https://portal.example/unpause',
        }),
      ),
  ],
  [
    'limits for a time that the certificate can wait',
    25,
    (ca) =>
      ca.misbehaviour.add(
        refusing(
          'newOrder',
          { type: 'rateLimited', status: 429 },
          { 'retry-after': thirtyFourHours },
        ),
      ),
  ],
  [
    'fails once',
    25,
    (ca) =>
      ca.misbehaviour.add({
        ...refusing('newOrder', { type: 'serverInternal', status: 500 }),
        times: 2,
      }),
  ],
];

describe('the second CA takes over when the first', () => {
  test.each(theirs)('%s', { timeout: 120_000 }, async (_, daysLeft, arrange) => {
    await dueWith(daysLeft);
    await arrange(cas.first);
    await cas.world.live(4 * hourMs);
    expect(inService().issuer).toBe('second');
    expect(finalized(cas.second)).toBe(1);
    expect(record()).toMatchObject({ attempt: null, txt: [], acquireFailure: null });
    expect(subjects()).toContainEqual(expect.stringMatching(/ at first; second takes its place$/));
  });
});

describe('the second CA is not asked when the first', () => {
  test.each(ours)('%s', { timeout: 120_000 }, async (_, daysLeft, arrange) => {
    await dueWith(daysLeft);
    await arrange(cas.first);
    await cas.world.live(4 * hourMs);
    expect(finalized(cas.second)).toBe(0);
    expect(record().attempt?.issuer ?? 'first').toBe('first');
  });
});

test('a certificate keeps its ARN while its CA changes', async () => {
  const listener = listenerArn('shop');
  cas = await twoCas(
    `  shop: {names: [example.com], issuer: [first, second], targets: [{type: alb, listener: "${listener}"}]}\n`,
    { first: { authzReuse: false } },
  );
  await cas.world.check();
  await cas.world.live(hourMs);
  const before = Object.values(record().imports).map(({ arn }) => arn);
  const { serial } = inService();
  cas.world.clock.advance(65 * dayMs);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(2 * hourMs);
  expect(inService().issuer).toBe('second');
  expect(inService().serial).not.toBe(serial);
  expect(Object.values(record().imports).map(({ arn }) => arn)).toEqual(before);
  expect(await cas.world.served('shop')).toEqual(new Set([inService().serial]));
});

test('a certificate keeps its id, secret and history, and returns to the first CA with the next renewal', async () => {
  await dueWith(25);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(hourMs);
  expect(record().versions.map(({ issuer }) => issuer)).toEqual(['first', 'second']);
  cas.first.misbehaviour.clear();
  await cas.world.live(dayMs);
  expect(inService().issuer).toBe('second');
  cas.world.clock.advance(62 * dayMs);
  await cas.world.live(hourMs);
  expect(record().versions.map(({ issuer }) => issuer)).toEqual(['first', 'second', 'first']);
  // What the second CA issued is nothing that an order at the first can replace.
  expect(cas.first.ledger().orders.at(-1)).toMatchObject({ replaces: null, status: 'valid' });
  const secrets = cas.world.cloud.faults.calls.filter(
    ({ operation }) => operation === 'CreateSecret',
  );
  const names = new Set(secrets.map(({ input }) => (input as { Name: string }).Name));
  expect([...names].filter((name) => !name.includes('accounts'))).toEqual(['certkeep/shop']);
});

test('two CAs that both fail take turns, with growing waits, until one works', async () => {
  await dueWith(25);
  for (const ca of [cas.first, cas.second]) {
    ca.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  }
  await cas.world.live(dayMs);
  expect(askedFirst()).toBeLessThan(12);
  cas.second.misbehaviour.clear();
  await cas.world.live(2 * dayMs);
  expect(finalized(cas.first) + finalized(cas.second)).toBe(2);
});

test('what one certificate found out, others need not: one of them asks the first CA, now and then', async () => {
  await dueWith(25);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(70 * minuteMs);
  expect(inService().issuer).toBe('second');
  const hosts = Array.from({ length: 6 }, (_, index) => `n${index}`);
  await cas.world.reconfigure((text) => {
    const config = parse(text);
    for (const host of hosts) {
      config.certificates[host] = { names: [`${host}.example.com`], issuer: ['first', 'second'] };
    }
    return stringify(config);
  });
  const before = askedFirst();
  await cas.world.live(20 * minuteMs);
  expect(askedFirst() - before).toBeLessThanOrEqual(3);
  await cas.world.live(hourMs);
  expect(hosts.map((host) => inService(host).issuer)).toEqual(hosts.map(() => 'second'));
});

test('a CA that works again is found by one attempt, and the rest follow', async () => {
  await dueWith(25);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(70 * minuteMs);
  cas.first.misbehaviour.clear();
  await cas.world.reconfigure((text) => {
    const config = parse(text);
    for (const id of ['a', 'b']) {
      config.certificates[id] = { names: [`${id}.example.com`], issuer: ['first', 'second'] };
    }
    return stringify(config);
  });
  await cas.world.live(hourMs);
  const issuers = ['a', 'b'].map((id) => inService(id).issuer);
  expect(issuers).toContain('first');
  await cas.world.reconfigure((text) => {
    const config = parse(text);
    for (const id of ['c', 'd', 'e']) {
      config.certificates[id] = { names: [`${id}.example.com`], issuer: ['first', 'second'] };
    }
    return stringify(config);
  });
  await cas.world.check();
  expect(['c', 'd', 'e'].map((id) => inService(id).issuer)).toEqual(['first', 'first', 'first']);
});

function askedFirst(): number {
  return cas.world.cloud.faults.calls.filter(({ operation }) => operation === 'newOrder').length;
}
