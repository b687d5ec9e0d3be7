import { clientsOf } from 'local-cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from 'local-cloud/kit/clouds/cloud.ts';
import { onBothClouds } from 'local-cloud/kit/clouds/on-both-clouds.ts';
import { beforeEach, expect, test } from 'vitest';
import { certificateTag } from '#shared/deploy/import/acm.ts';
import type { Probe } from '#shared/deploy/probe/probe.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { createEndpoints, type Endpoints, silent } from './endpoints.ts';
import { type Stage, stageOn } from './stage.ts';

const states = ({ deployments }: CertificateRecord) =>
  Object.values(deployments).map(({ state }) => state);
const importOf = ({ imports }: CertificateRecord) => Object.values(imports)[0];

onBothClouds('import, rebind and verify', (opened) => {
  let cloud: CloudUnderTest;
  let endpoints: Endpoints;
  let stage: Stage;
  beforeEach(async () => {
    cloud = opened();
    await cloud.reset();
    await cloud.waits.untilConsistent();
    endpoints = await createEndpoints(cloud);
    stage = await stageOn(cloud, endpoints);
  });

  /** Stores a version, brings it everywhere and proves it. */
  async function serve(id: string) {
    await stage.store(id);
    await stage.deploy();
    await cloud.waits.untilConsistent();
    await stage.verify();
  }

  const wrong: Probe = async (question) =>
    (await endpoints.probe(question)).map((answer) => ({
      ...answer,
      serial: '0BAD',
      fingerprintSha256: 'bad',
    }));

  test('import and rebind bring one new ARN to every target', async () => {
    await stage.store('v1');
    expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
    await cloud.waits.untilConsistent();
    const record = await stage.record();
    const arn = importOf(record)?.arn as string;
    expect(states(record)).toEqual(['awaiting-proof', 'awaiting-proof', 'awaiting-proof']);
    expect(await endpoints.bound.standard()).toEqual([arn]);
    expect(await endpoints.bound.list()).toEqual([endpoints.foreignArn, arn]);
    expect(await endpoints.bound.classic()).toEqual([arn]);
    const { acm } = clientsOf(cloud);
    const { Tags } = await acm.listTagsForCertificate({ CertificateArn: arn });
    expect(Tags).toContainEqual({ Key: certificateTag, Value: 'shop' });
  });

  test('verify proves what the endpoints answer', async () => {
    await serve('v1');
    expect(states(await stage.record())).toEqual(['proven', 'proven', 'proven']);
  });

  test('a silent endpoint is unknown, and nothing is put back', async () => {
    await stage.store('v1');
    await stage.deploy(silent);
    await cloud.waits.untilConsistent();
    await stage.verify(silent);
    const record = await stage.record();
    expect(states(record)).toEqual(['unknown', 'unknown', 'unknown']);
    await stage.deploy(silent);
    expect(await endpoints.bound.standard()).toEqual([importOf(record)?.arn]);
  });

  test('a renewal is re-imported into the same ARN', async () => {
    await serve('v1');
    const before = importOf(await stage.record())?.arn;
    expect(before).toMatch(/^arn:/);
    await serve('v2');
    const record = await stage.record();
    expect(importOf(record)).toMatchObject({ arn: before, versionId: 'v2' });
    expect(states(record)).toEqual(['proven', 'proven', 'proven']);
    expect(await endpoints.bound.standard()).toEqual([before]);
  });

  test('a certificate whose import was forgotten is found by its serial', async () => {
    await serve('v1');
    const arn = importOf(await stage.record())?.arn;
    expect(arn).toMatch(/^arn:/);
    await stage.ledger.update('shop', (record) => ({ ...record, imports: {}, deployments: {} }));
    await stage.deploy();
    expect(importOf(await stage.record())?.arn).toBe(arn);
  });

  test('an endpoint that contradicts gets its previous certificate back, and a list keeps what was added', async () => {
    await stage.store('v1');
    await stage.deploy();
    await cloud.waits.untilConsistent();
    const listed = await endpoints.bound.list();
    await stage.verify(wrong);
    expect(states(await stage.record())).toContain('contradicted');
    expect(await stage.deploy()).toMatchObject({ outcome: 'rolled-back' });
    await cloud.waits.untilConsistent();
    expect(await endpoints.bound.standard()).toEqual([endpoints.foreignArn]);
    expect(await endpoints.bound.list()).toEqual(listed);
    expect(await endpoints.bound.classic()).toEqual([endpoints.foreignArn]);
  });
});
