import { createHash } from 'node:crypto';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { removeTxt } from '#shared/acquire/challenges/clean-up.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { LogFields } from '#shared/log.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { fakeDns } from '#test/support/fake-dns.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { fakeSolver } from '#test/support/fake-solver.ts';
import { healthy } from '#test/support/healthy.ts';

const keyAuthorization = `token.${'thumbprint'.padEnd(43, '0')}`;

const kept: TxtIntent = {
  attemptId: 'a1',
  solver: 'route53?hostedZoneId=ZNEW',
  zoneId: 'ZNEW',
  name: '_acme-challenge.shop.example.com',
  keyAuthorization,
  value: createHash('sha256').update(keyAuthorization).digest('base64url'),
};
const left: TxtIntent = { ...kept, solver: 'route53?hostedZoneId=ZOLD', zoneId: 'ZOLD' };

/** Removes both values, with these solvers at hand. */
async function removed(solvers: Readonly<Record<string, Solver>>) {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  await wholeLedger({ objects, clock }).update('shop', () => healthy({ txt: [kept, left] }));
  const warnings: LogFields[] = [];
  const acquisition = {
    mine: heldRecord((change) => ledger.update('shop', change)),
    certificate: { id: 'shop' },
    dns: fakeDns({}),
    clock,
    waitUntil: addMs(clock.now(), minuteMs),
    onCut() {},
    solvers: {
      byKey: (key: string) => solvers[key] ?? null,
      forName: () => {
        throw new Error('not asked here');
      },
    },
    log: { info() {}, error() {}, warn: (_: string, fields: LogFields) => warnings.push(fields) },
  };
  await removeTxt(acquisition, () => true);
  return { txt: (await ledger.read('shop'))?.txt, warnings };
}

test('values are removed through the solvers that published them', async () => {
  const { txt, warnings } = await removed({
    'route53?hostedZoneId=ZNEW': fakeSolver(),
    'route53?hostedZoneId=ZOLD': fakeSolver(),
  });
  expect([txt, warnings]).toEqual([[], []]);
});

test('those of a solver that has left stay, and the log says to name it under retired.solvers', async () => {
  const { txt, warnings } = await removed({ 'route53?hostedZoneId=ZNEW': fakeSolver() });
  expect(txt).toEqual([left]);
  expect(warnings).toMatchObject([
    {
      certificate: 'shop',
      zone: 'ZOLD',
      outcome: 'SolverMissing',
      reason:
        'the solver route53?hostedZoneId=ZOLD has left the configuration; name it under retired.solvers until its values are gone',
    },
  ]);
});
