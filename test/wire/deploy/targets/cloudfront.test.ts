import {
  type CertificateWish,
  importInput,
  makeCertificate,
} from 'local-cloud/kit/certificates.ts';
import { byAcm } from 'local-cloud/kit/distribution.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bindAt } from '#local/demo/bind-at.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

const alias = 'shop.example.com';

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

async function imported(wish: CertificateWish = {}): Promise<string> {
  return lab.imported(await makeCertificate({ names: [alias], ...wish }));
}

function targetOf(distribution: string) {
  const clientOptionsFor = () => lab.clientOptions({ maxAttempts: 1 });
  const ports = { installation: 'certkeep', home, clientOptionsFor, clock: lab.clock };
  return targetMaker(loadedTargets, ports)({ type: 'cloudfront', distribution }, 'shop');
}

const updates = () =>
  lab.faults.calls.filter(({ operation }) => operation === 'UpdateDistribution').length;

test('a change touches the certificate alone, and keeps its settings', async () => {
  const [held, next] = [await imported(), await imported()];
  const ViewerCertificate = { ...byAcm(held), MinimumProtocolVersion: 'TLSv1.3_2025' as const };
  const Logging = {
    Enabled: true,
    IncludeCookies: true,
    Bucket: 'b.s3.amazonaws.com',
    Prefix: 'x',
  };
  const { id } = await lab.createDistribution([alias], held, { ViewerCertificate, Logging });
  const before = await lab.distributionConfig(id);
  await bindAt(targetOf(id), next);
  const after = await lab.distributionConfig(id);
  expect(after.ViewerCertificate).toMatchObject({
    ACMCertificateArn: next,
    MinimumProtocolVersion: 'TLSv1.3_2025',
    SSLSupportMethod: 'sni-only',
  });
  expect({ ...after, ViewerCertificate: null }).toEqual({ ...before, ViewerCertificate: null });
  const sent = lab.faults.calls.findLast(({ operation }) => operation === 'UpdateDistribution');
  expect(JSON.stringify(sent?.input)).not.toContain('CertificateSource');
});

test('where CloudFront served its own certificate, no dedicated address is ordered', async () => {
  const { id } = await lab.createDistribution([], null);
  const look = await targetOf(id).look();
  expect(look).toMatchObject({ default: null, endpoint: null, kind: 'single' });
  await bindAt(targetOf(id), await imported());
  const { ViewerCertificate } = await lab.distributionConfig(id);
  expect(ViewerCertificate).toMatchObject({
    CloudFrontDefaultCertificate: false,
    SSLSupportMethod: 'sni-only',
    MinimumProtocolVersion: 'TLSv1.2_2021',
  });
});

test('a certificate of IAM is seen by its id, and can be put back', async () => {
  const made = await makeCertificate({ names: [alias] });
  lab.distributions.holdIamCertificate({ account: homeAccount }, 'ASCAEXAMPLE', importInput(made));
  const { id } = await lab.createDistribution([alias], null, {
    ViewerCertificate: {
      IAMCertificateId: 'ASCAEXAMPLE',
      SSLSupportMethod: 'sni-only',
      MinimumProtocolVersion: 'TLSv1.2_2019',
    },
  });
  expect((await targetOf(id).look()).default).toBe('ASCAEXAMPLE');
  await bindAt(targetOf(id), await imported());
  await lab.clock.sleep(10 * minuteMs);
  await bindAt(targetOf(id), 'ASCAEXAMPLE');
  expect((await lab.distributionConfig(id)).ViewerCertificate).toMatchObject({
    IAMCertificateId: 'ASCAEXAMPLE',
    MinimumProtocolVersion: 'TLSv1.2_2019',
  });
});

test('a look says while a change is on its way, and names the aliases that answer', async () => {
  const { id, host, port } = await lab.createDistribution([alias], await imported());
  const deployed = await targetOf(id).look();
  expect(deployed.endpoint).toEqual({ host, port, names: [alias] });
  expect(deployed.isSpreading).toBeUndefined();
  await bindAt(targetOf(id), await imported());
  expect((await targetOf(id).look()).isSpreading).toBe(true);
  await lab.clock.sleep(10 * minuteMs);
  expect((await targetOf(id).look()).isSpreading).toBeUndefined();
});

test('what somebody changes at the same moment stays, and the certificate is changed all the same', async () => {
  const [held, next] = [await imported(), await imported()];
  const { id } = await lab.createDistribution([alias], held);
  let looks = 0;
  lab.faults.add({
    when: ({ operation }) => {
      looks += operation === 'GetDistribution' ? 1 : 0;
      return operation === 'GetDistribution' && looks === 2;
    },
    fault: {
      do: 'meanwhile',
      act: () => lab.changeDistribution(id, { Comment: 'somebody else' }),
    },
  });
  await bindAt(targetOf(id), next);
  const after = await lab.distributionConfig(id);
  expect(after.Comment).toBe('somebody else');
  expect(after.ViewerCertificate?.ACMCertificateArn).toBe(next);
  expect(updates()).toBe(3);
});

describe('refused by name, with nothing changed', () => {
  test('a second change, until the first is there', async () => {
    const { id } = await lab.createDistribution([alias], await imported());
    const [next, last] = [await imported(), await imported()];
    await bindAt(targetOf(id), next);
    const now = lab.clock.now();
    const error = await bindAt(targetOf(id), last).catch((cause) => cause);
    expect(error).toMatchObject({ name: 'ChangeInProgress' });
    expect(error.retryAt > now).toBe(true);
    expect((await targetOf(id).look()).default).toBe(next);
    await lab.clock.sleep(10 * minuteMs);
    await bindAt(targetOf(id), last);
    expect((await targetOf(id).look()).default).toBe(last);
  });

  test('a change while a continuous deployment policy is attached', async () => {
    const held = await imported();
    const ContinuousDeploymentPolicyId = '7c7e4f0a-0000-4000-8000-000000000000';
    const { id } = await lab.createDistribution([alias], held, { ContinuousDeploymentPolicyId });
    await expect(bindAt(targetOf(id), await imported())).rejects.toMatchObject({
      name: 'ContinuousDeploymentAttached',
    });
    expect(updates()).toBe(0);
    await bindAt(targetOf(id), held);
  });

  test('a staging distribution', async () => {
    const { id } = await lab.createDistribution([], null, { Staging: true });
    await expect(targetOf(id).look()).rejects.toMatchObject({
      name: 'DistributionUnusable',
      message: expect.stringContaining('staging'),
    });
  });

  test('a distribution for tenants only', async () => {
    const { id } = await lab.createDistribution([], null, { ConnectionMode: 'tenant-only' });
    await expect(bindAt(targetOf(id), await imported())).rejects.toMatchObject({
      name: 'DistributionUnusable',
      message: expect.stringContaining('tenants'),
    });
    expect(updates()).toBe(0);
  });

  test('a certificate that CloudFront does not take, in the words of CloudFront', async () => {
    const { id } = await lab.createDistribution([alias], await imported());
    const other = await imported({ names: ['another.example.com'] });
    await expect(bindAt(targetOf(id), other)).rejects.toMatchObject({
      name: 'ListenerRefused',
      message: expect.stringContaining(alias),
    });
  });
});

test('a certificate that CloudFront does not know yet is bound a moment later', async () => {
  const { id } = await lab.createDistribution([alias], await imported());
  const { arn } = await importedNow();
  await bindAt(targetOf(id), arn);
  expect((await targetOf(id).look()).default).toBe(arn);
});

async function importedNow() {
  const input = importInput(await makeCertificate({ names: [alias] }));
  const call = { ...home, accessKeyId: 'somebody' };
  const answer = await lab.certificates.operations.ImportCertificate?.(input, call);
  return { arn: (answer as { readonly CertificateArn: string }).CertificateArn };
}
