import { expect, test } from 'vitest';
import { recordKey } from '#shared/ledger/record/record-object.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { region, replicated } from './regions-lab.ts';
import { issued, syncLab } from './sync-lab.ts';

/** Two certificates whose copies have been there for a day; the record of one of them is gone since. */
async function lossyLab() {
  const lab = await syncLab(['c0', 'c1'].map((id) => replicated(id, null)));
  await lab.run([issued('c0'), issued('c1')]);
  lab.clock.advance(dayMs);
  await lab.there.remove(recordKey('c0'));
  const inSync = async (id: string) => (await lab.record(id)).replicas[region]?.secretInSync;
  const look = () => lab.lookOf(region).read();
  return { ...lab, inSync, look };
}

test('a region that cannot be listed is no error of the run: it is kept since when, and why, until it can', async () => {
  const { run, world, there, clock, look, warned, inSync } = await lossyLab();
  const since = clock.now().toISOString();
  const page = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  world.replica = () => ({ ...there, page });
  await run({ region });
  clock.advance(hourMs);
  await run({ region });
  const reason = 'the copies cannot be listed: AccessDenied';
  expect(await look()).toMatchObject({ doneAt: null, failure: { since, reason } });
  expect(warned).toEqual([`${region} AccessDenied`, `${region} AccessDenied`]);
  world.replica = () => there;
  await run({ region });
  expect(await look()).toMatchObject({ doneAt: clock.now().toISOString(), failure: null });
  expect(await inSync('c0')).toBe(false);
});

test.each(['before', 'after'])('a look that dies %s its marks is begun again', async (when) => {
  const { run, own, home, look, inSync } = await lossyLab();
  const { update } = own;
  const { putIf } = home;
  const dead = () => Promise.reject(new Error('dead'));
  if (when === 'before') Object.assign(own, { update: dead });
  else {
    Object.assign(home, {
      putIf: (...given: Parameters<typeof putIf>) =>
        given[0].startsWith('replicas/') ? dead() : putIf(...given),
    });
  }
  await expect(run({ region })).rejects.toThrow('dead');
  Object.assign(own, { update });
  Object.assign(home, { putIf });
  expect(await look()).toMatchObject({ doneAt: null });
  await run({ region });
  await run({ region });
  expect((await look()).doneAt).not.toBeNull();
  expect(await inSync('c0')).toBe(true);
});

test('a record that cannot be read keeps no other from being looked at, and fails the run', async () => {
  const { run, home, inSync } = await lossyLab();
  await home.put('records/issue/c1.json', '{}', 'application/json');
  await expect(run({ region })).rejects.toThrow('records/issue/c1.json');
  expect(await inSync('c0')).toBe(false);
});

test('a copy that is behind is made before anything is listed, and a run without time lists nothing', async () => {
  const { run, world, there, clock, ledger, inSync, look } = await lossyLab();
  await ledger.update('c1', (record) => ({ ...record, replicas: {} }));
  world.secret = async () => {
    clock.advance(60_000);
    return { inSync: true, isLost: false, reason: null };
  };
  const page = () => Promise.reject(new Error('listed'));
  world.replica = () => ({ ...there, page });
  await run({ region });
  expect(await inSync('c1')).toBe(true);
  expect(await look()).toMatchObject({ at: null });
});
