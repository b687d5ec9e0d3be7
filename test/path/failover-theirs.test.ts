import { afterEach, describe, expect, test } from 'vitest';
import type { AcmeCa } from '#local/ca/acme-ca.ts';
import { hourMs } from '#shared/clock.ts';
import {
  dueWith,
  finalized,
  inService,
  oddLeaf,
  pemReply,
  refusing,
  subjects,
  type TwoCas,
} from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

const thirtyFourHours = String(34 * 3_600);

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
      const body = await oddLeaf(cas.world.clock.now());
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'certificate',
        reply: () => pemReply(body),
      });
    },
  ],
  [
    'sends a hundred megabytes',
    25,
    (ca) =>
      ca.misbehaviour.add({
        when: ({ operation }) => operation === 'certificate',
        reply: () => pemReply('x'.repeat(100 << 20)),
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

describe('the second CA takes over when the first', () => {
  test.each(theirs)('%s', { timeout: 120_000 }, async (_, daysLeft, arrange) => {
    cas = await dueWith(daysLeft);
    await arrange(cas.first);
    await cas.world.live(4 * hourMs);
    expect(inService(cas).issuer).toBe('second');
    expect(finalized(cas.second)).toBe(1);
    expect(cas.world.record('shop')).toMatchObject({
      attempt: null,
      txt: [],
      acquireFailure: null,
    });
    expect(subjects(cas)).toContainEqual(
      expect.stringMatching(/ at first; second takes its place$/),
    );
  });
});
