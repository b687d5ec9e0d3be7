import { ACM } from '@aws-sdk/client-acm';
import { CloudFront, type DistributionConfig } from '@aws-sdk/client-cloudfront';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs } from '#cloud/clock.ts';
import { type Cloud, startCloud, usualConsistency } from '#cloud/cloud.ts';
import { importInput, type MadeCertificate, makeCertificate } from '#cloud/kit/certificates.ts';
import { callerOptions } from '#cloud/kit/client-options.ts';
import { byAcm, distributionConfig } from '#cloud/kit/distribution.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { homeAccount } from '#cloud/wire/accounts.ts';

const alias = 'shop.example.com';
const deployMs = 8 * minuteMs;

let clock: VirtualClock;
let cloud: Cloud;
let cloudfront: CloudFront;
let acm: ACM;
beforeEach(async () => {
  clock = virtualClock();
  const consistency = { ...usualConsistency, cloudfrontDeployMs: deployMs };
  cloud = await startCloud({ clock, consistency, evaluatesAlarms: false, tellsOfExpiry: false });
  const options = callerOptions(cloud, { region: 'us-east-1', maxAttempts: 1 });
  cloudfront = new CloudFront(options);
  acm = new ACM(options);
});
afterEach(() => cloud.close());

type Imported = MadeCertificate & { readonly arn: string };

async function imported(onto?: string): Promise<Imported> {
  const made = await makeCertificate({ names: [alias], now: clock.now() });
  await clock.sleep(2 * minuteMs);
  const input = { ...importInput(made), ...(onto && { CertificateArn: onto }) };
  const { CertificateArn = '' } = await acm.importCertificate(input);
  // Before that, CloudFront does not know it.
  await clock.sleep(usualConsistency.elbCertificateLagMs);
  return { ...made, arn: CertificateArn };
}

async function created(
  ViewerCertificate: DistributionConfig['ViewerCertificate'],
  aliases = [alias],
) {
  const config = distributionConfig(aliases, { ViewerCertificate });
  const { Distribution } = await cloudfront.createDistribution({ DistributionConfig: config });
  const [, host = '', port] = /^(.*):(\d+)$/.exec(Distribution?.DomainName ?? '') ?? [];
  const nodes = cloud.balancers.addresses(host) ?? [];
  /** The serial that each edge serves. */
  const served = (servername = alias) =>
    Promise.all(
      nodes.map(async (node) => {
        return (await probeTls({ host: node, port: Number(port), servername })).serial;
      }),
    );
  return { Id: Distribution?.Id as string, served, nodes };
}

async function change(Id: string, ViewerCertificate: DistributionConfig['ViewerCertificate']) {
  const { DistributionConfig: held, ETag: IfMatch } = await cloudfront.getDistributionConfig({
    Id,
  });
  const DistributionConfig = { ...(held as DistributionConfig), ViewerCertificate };
  return cloudfront.updateDistribution({ Id, IfMatch, DistributionConfig });
}

async function status(Id: string) {
  return (await cloudfront.getDistribution({ Id })).Distribution?.Status;
}

test('until a change is deployed, some edges serve the old certificate and some the new one', async () => {
  const [old, next] = [await imported(), await imported()];
  const { Id, served, nodes } = await created(byAcm(old.arn));
  await clock.sleep(deployMs);
  await change(Id, byAcm(next.arn));
  expect(new Set(await served())).toEqual(new Set([old.serial]));
  await clock.sleep(deployMs / 2);
  expect(await served()).toEqual([next.serial, old.serial].slice(0, nodes.length));
  expect(await status(Id)).toBe('InProgress');
  await clock.sleep(deployMs / 2);
  expect(new Set(await served())).toEqual(new Set([next.serial]));
  expect(await status(Id)).toBe('Deployed');
});

test('a re-import reaches the edges later too, and the status does not say so', async () => {
  const old = await imported();
  const { Id, served } = await created(byAcm(old.arn));
  await clock.sleep(deployMs);
  const next = await imported(old.arn);
  expect(await status(Id)).toBe('Deployed');
  expect(new Set(await served())).toEqual(new Set([old.serial]));
  await clock.sleep(deployMs);
  expect(new Set(await served())).toEqual(new Set([next.serial]));
});

test('a client that asks for a name that is no alias gets the certificate of CloudFront', async () => {
  const { arn, serial } = await imported();
  const { served } = await created(byAcm(arn));
  expect(new Set(await served())).toEqual(new Set([serial]));
  expect(await served('www.example.com')).not.toContain(serial);
});

test('the default certificate is shown with a method that nobody chose', async () => {
  const { Id } = await created({ CloudFrontDefaultCertificate: true }, []);
  const { Distribution } = await cloudfront.getDistribution({ Id });
  expect(Distribution?.DistributionConfig?.ViewerCertificate).toEqual({
    CloudFrontDefaultCertificate: true,
    SSLSupportMethod: 'vip',
    MinimumProtocolVersion: 'TLSv1',
    CertificateSource: 'cloudfront',
  });
});

test('a member that an update leaves out is lost', async () => {
  const { arn } = await imported();
  const { Id } = await created(byAcm(arn));
  await clock.sleep(deployMs);
  const { DistributionConfig: held, ETag: IfMatch } = await cloudfront.getDistributionConfig({
    Id,
  });
  const { ViewerCertificate: _lost, ...rest } = held as DistributionConfig;
  const DistributionConfig = { ...rest, Aliases: { Quantity: 0 } };
  const { Distribution } = await cloudfront.updateDistribution({ Id, IfMatch, DistributionConfig });
  const viewer = Distribution?.DistributionConfig?.ViewerCertificate;
  expect(viewer?.CloudFrontDefaultCertificate).toBe(true);
});

test('a certificate of IAM is served, and shown by its id', async () => {
  const made = await makeCertificate({ names: [alias], now: clock.now() });
  const { arn } = await imported();
  cloud.cloudfront.holdIamCertificate({ account: homeAccount }, 'ASCAEXAMPLE', importInput(made));
  const { Id, served } = await created({
    IAMCertificateId: 'ASCAEXAMPLE',
    SSLSupportMethod: 'sni-only',
    MinimumProtocolVersion: 'TLSv1.2_2021',
  });
  expect(new Set(await served())).toEqual(new Set([made.serial]));
  const { DistributionConfig: held } = await cloudfront.getDistributionConfig({ Id });
  expect(held?.ViewerCertificate).toMatchObject({
    IAMCertificateId: 'ASCAEXAMPLE',
    CertificateSource: 'iam',
  });
  await clock.sleep(deployMs);
  await change(Id, byAcm(arn));
  await expect(change(Id, { ...byAcm(arn), ACMCertificateArn: `${arn}0` })).rejects.toMatchObject({
    name: 'IllegalUpdate',
  });
});
