import { afterEach, describe, expect, test } from 'vitest';
import type { AcmeCa } from '#local/ca/acme-ca.ts';
import { hourMs } from '#shared/clock.ts';
import { dueWith, finalized, refusing, type TwoCas } from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

const thirtyFourHours = String(34 * 3_600);

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

type Way = readonly [string, number, (ca: AcmeCa) => Promise<void> | void];

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

describe('the second CA is not asked when the first', () => {
  test.each(ours)('%s', { timeout: 120_000 }, async (_, daysLeft, arrange) => {
    cas = await dueWith(daysLeft);
    await arrange(cas.first);
    await cas.world.live(4 * hourMs);
    expect(finalized(cas.second)).toBe(0);
    expect(cas.world.record('shop').attempt?.issuer ?? 'first').toBe('first');
  });
});
