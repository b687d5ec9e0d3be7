import { expect, test } from 'vitest';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { attemptFor } from '#shared/acquire/order/begin.ts';
import type { FallbackState } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy, now, wanted } from '#test/support/healthy.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

test('an attempt begins without what is known of issuers that have left', async () => {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledger = s3Ledger({ objects, clock });
  const issuerBook = s3IssuerBook(objects, () => 'https://ca.example/directory');
  const at = now.toISOString();
  const proven: FallbackState = { provenAt: at, nextCheckAt: at, failures: 0, failure: null };
  const fallbacks = { left: proven, second: proven };
  await ledger.update('shop', () => healthy({ fallbacks }));
  const reason = { rule: 'ends-soon', text: 'expires in 5 days' } as const;
  const certificate = wanted({ issuers: ['local', 'second'] });
  await attemptFor(
    { clock, issuerBook, ledger },
    certificate,
    { action: 'begin', reason, needsNewKey: false },
    'digest',
  );
  expect(await ledger.read('shop')).toMatchObject({ attempt: { issuer: 'local' } });
  expect((await ledger.read('shop'))?.fallbacks).toEqual({ second: proven });
});
