import { beforeEach, expect, test } from 'vitest';
import type { DeployContext } from '#shared/deploy/context.ts';
import { publishArn } from '#shared/deploy/publish/publish.ts';
import { CertkeepError } from '#shared/errors.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { AcmImport, Deployment } from '#shared/ledger/record/record.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';
import { silentLog } from '#test/support/silent-log.ts';

const parameter = '/certkeep/shop/certificate-arn';
const refused = new CertkeepError('ParameterNotPublished', 'SSM: not authorized');

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
});

function published(): string | undefined {
  return stage.publisher.published.get(parameter);
}

async function prove(): Promise<string> {
  await stage.deploy();
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
  return stage.target.held[0] as string;
}

/** A new ARN, since the key is of another type; the earlier one is ours. */
async function newArn(): Promise<string> {
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  return stage.target.held[0] as string;
}

async function contradict(serial: string): Promise<void> {
  stage.spoil(stage.target.key, serial);
  await stage.verify();
  stage.heal(stage.target.key);
  await stage.deploy();
  expect(await stage.states()).toEqual(['rolled-back']);
}

test('the ARN is published with the first deploy, and no renewal onto it publishes again', async () => {
  const arn = await prove();
  expect(published()).toBe(arn);
  await stage.issue('v2');
  expect(await prove()).toBe(arn);
  expect(stage.publisher.puts).toEqual([arn]);
});

test('an adopted ARN is published as well', async () => {
  stage = deployStage({ adopt: 'in-place' });
  await stage.issue('v1');
  await stage.deploy();
  expect(published()).toBe(foreignArn);
});

test('another ARN replaces the one before', async () => {
  const first = await prove();
  const second = await newArn();
  expect(stage.publisher.puts).toEqual([first, second]);
});

test('an ARN that no target takes is not published', async () => {
  stage.target.refuseNextBind(new CertkeepError('ListenerRefused', 'ELB: no'));
  await stage.deploy();
  expect(published()).toBeUndefined();
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect(published()).toBe(stage.target.held[0]);
});

test('an earlier ARN of ours that is put back is published again, and the new one with the next try', async () => {
  const first = await prove();
  const second = await newArn();
  await contradict('01');
  expect([stage.target.held[0], published()]).toEqual([first, first]);
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect([stage.target.held[0], published()]).toEqual([second, second]);
});

test("somebody else's earlier certificate is put back, and not published as ours", async () => {
  await stage.deploy();
  const ours = stage.target.held[0];
  await contradict('F0');
  expect([stage.target.held[0], published()]).toEqual([foreignArn, ours]);
});

test('a failure is told, waits for its back-off, and keeps nothing else from anything', async () => {
  stage.publisher.refuse(refused);
  await prove();
  expect(stage.events).toMatchObject([
    {
      type: 'failed',
      severity: 'warning',
      summary: `shop could not be deployed to ${parameter} in ${place}: ParameterNotPublished`,
      details: { stage: 'import', error: 'ParameterNotPublished', attempts: 1 },
    },
    { type: 'served' },
  ]);
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect((await stage.record()).imports[place]?.publishFailure?.count).toBe(2);
  stage.publisher.refuse(null);
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
  stage.clock.advance(20 * minuteMs);
  await stage.deploy();
  expect(published()).toBe(stage.target.held[0]);
  expect((await stage.record()).imports[place]?.publishFailure).toBeNull();
  expect(await stage.deploy()).toEqual({ outcome: 'nothing-to-do' });
  expect(stage.acm.imports).toEqual([null]);
  expect(stage.target.changes).toHaveLength(1);
});

test('a failure without a name is logged as an error and fails nothing', async () => {
  stage.publisher.refuse(new Error('socket hang up'));
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.errors).toMatchObject([{ outcome: 'Error', reason: 'socket hang up' }]);
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
  expect((await stage.record()).imports[place]?.publishFailure?.message).toBe('socket hang up');
});

test('an earlier ARN is not deleted while it is the published one', async () => {
  const first = await prove();
  stage.publisher.refuse(refused);
  const second = await newArn();
  await stage.verify();
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect([published(), stage.acm.held.has(first)]).toEqual([first, true]);
  stage.publisher.refuse(null);
  stage.clock.advance(24 * 60 * minuteMs);
  await stage.deploy();
  expect([published(), stage.acm.held.has(first)]).toEqual([second, true]);
  stage.clock.advance(3 * 24 * 60 * minuteMs);
  await stage.deploy();
  expect([published(), stage.acm.held.has(first)]).toEqual([second, false]);
});

test('a run that died before it could write that it has published publishes once more', async () => {
  await prove();
  await stage.ledger.update('shop', (record) => {
    const entry = record.imports[place] as AcmImport;
    return { ...record, imports: { [place]: { ...entry, publishedArn: null } } };
  });
  expect((await stage.record()).imports[place]?.publishedArn).toBeNull();
  await stage.deploy();
  expect(stage.publisher.puts).toHaveLength(2);
  expect((await stage.record()).imports[place]?.publishedArn).toBe(published());
});

test('a renewal that comes before its time does not try again', async () => {
  stage.publisher.refuse(refused);
  await prove();
  await stage.issue('v2');
  await prove();
  expect((await stage.record()).imports[place]?.publishFailure?.count).toBe(1);
});

test('an ARN that the record alone calls ours is not published, and that is told', async () => {
  const arn = await prove();
  const forged = await stage.ledger.update('shop', (record) => ({
    ...record,
    imports: { [place]: { ...(record.imports[place] as AcmImport), arn: foreignArn } },
    deployments: {
      [stage.target.key]: {
        ...(record.deployments[stage.target.key] as Deployment),
        arn: foreignArn,
      },
    },
  }));
  const { acm, clock, ledger, publisher, target } = stage;
  const mine = heldRecord((change) => ledger.update('shop', change));
  await publishArn({
    ...{ acm, clock, mine, publisher, place, log: silentLog, targets: [target] },
    ...{ installation: 'certkeep', certificate: { id: 'shop' }, version: forged.versions[0] },
  } as unknown as DeployContext);
  expect(stage.publisher.puts).toEqual([arn]);
  expect((await stage.record()).imports[place]?.publishFailure?.error).toBe('ArnNotOurs');
});
