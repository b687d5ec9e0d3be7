import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import {
  AddListenerCertificatesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { systemClock } from 'local-cloud/clock.ts';
import { type Cloud, startCloud } from 'local-cloud/cloud.ts';
import { importInput, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildLandscape, type Landscape, readBack } from '#local/demo/landscape.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { personWithDocumentedRights } from '#test/support/documented-rights.ts';
import { configText, listenerArn, networkListenerArn } from '#test/support/fleet.ts';
import { runCertkeep } from '#test/support/run-certkeep.ts';

const directory = mkdtempSync(join(tmpdir(), 'certkeep-init-'));
let cloud: Cloud;
let landscape: Landscape;
let person: NodeJS.ProcessEnv;
let foreign: string;

const far = { account: '123456789012', region: 'eu-west-1' };
const source = configText(`
  web:
    names: [example.com, "*.example.com"]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('web')}"}
  far:
    names: [far.example.org]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('far', '1', far)}"}]
  legacy:
    names: [legacy.example.org]
    issuer: local
    key: rsa-2048
    targets: [{type: clb, loadBalancer: legacy}]
  mail:
    names: [mail.example.org]
    issuer: local
    targets: [{type: nlb, listener: "${networkListenerArn('mail')}"}]
`);

const atOnce = {
  ...{ route53InsyncMs: 0, balancerSpreadMs: [0], replicationMs: 0 },
  ...{ acmListLagMs: 0, acmInUseByLagMs: 0, elbCertificateLagMs: 0 },
};

/** Listeners with certificates of somebody else, the zones of their names, and one whose zone is elsewhere. */
beforeAll(async () => {
  cloud = await startCloud({ clock: systemClock, consistency: atOnce });
  await cloud.iam.prepare();
  const written = readBack(source);
  const ca = { directoryUrl: cloud.ca.directoryUrl, rootPem: cloud.ca.rootPem };
  landscape = await buildLandscape(
    cloud,
    { text: source, config: written.config },
    ca,
    systemClock,
  );
  foreign = await bindForeign();
  person = personWithDocumentedRights(cloud, 'beginner', ['Begin with what is in use']);
});
afterAll(async () => {
  await cloud?.close();
  rmSync(directory, { recursive: true });
});

async function bindForeign(): Promise<string> {
  const options = operatorClient(cloud, 'us-east-1');
  const made = await makeCertificate({ names: ['shop.example.net'], notAfter: inDays(30) });
  const { CertificateArn = '' } = await new ACMClient(options).send(
    new ImportCertificateCommand(importInput(made)),
  );
  const listener = targetOf('web');
  await new ElasticLoadBalancingV2Client(options).send(
    new AddListenerCertificatesCommand({
      ListenerArn: listener,
      Certificates: [{ CertificateArn }],
    }),
  );
  return CertificateArn;
}

/** The listener that the landscape has made for a certificate. */
function targetOf(id: string): string {
  const { targets = [] } = landscape.config.certificates.find((each) => each.id === id) ?? {};
  const [target] = targets;
  return target && hasList(target) ? target.listener : '';
}

/** Whole days are left of it after a while, too. */
function inDays(days: number): Date {
  return addMs(new Date(), days * dayMs - hourMs);
}

const regions = ['--region', 'us-east-1', 'eu-west-1'];

function init(out: string, ...args: readonly string[]) {
  return runCertkeep(['init', '--out', join(directory, out), ...regions, ...args], person);
}

test('what is in use becomes a file that is valid and synthesizes, by the rights that the document names', async () => {
  const file = join(directory, 'all.yaml');
  const done = await init('all.yaml', '--all', '--email', 'ops@certkeep.dev', '--agree-to-terms');
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toMatch(
    /^000000000000, us-east-1 and eu-west-1: 4 imported certificates in use/,
  );
  expect(done.stdout).toMatch(/^\d +example\.com \+1 +\d+ d +ecdsa-p256 +web:\d+ \(us-east-1\)$/m);
  expect(done.stdout.replace(/\s+/g, ' ')).toContain(
    'shop.example.net, ends in 29 d: no public hosted zone of this account holds shop.example.net',
  );
  expect(done.stdout).toMatch(new RegExp(`\nNext: npx certkeep validate ${file}\n$`));
  const table = done.stdout.split('\nNot managed')[0] ?? '';
  expect(table.split('\n').filter((line) => line.length > 80)).toEqual([]);

  const text = readFileSync(file, 'utf8');
  const parsed = parseConfig(text, file);
  if (!parsed.ok) throw new Error(text);
  const { alerts, certificates, home, solvers } = parsed.config;
  expect(home).toEqual({ account: '000000000000', region: 'us-east-1' });
  expect(alerts.email).toEqual([{ address: 'ops@certkeep.dev' }]);
  expect(solvers).toMatchObject([
    { type: 'route53', selector: { dnsZones: ['example.com'] } },
    { type: 'route53', selector: { dnsZones: ['example.org'] } },
  ]);
  expect(certificates.map(({ id, key, names, targets }) => ({ id, key, names, targets }))).toEqual(
    expect.arrayContaining([
      {
        ...{ id: 'example-com', key: 'ecdsa-p256', names: ['example.com', '*.example.com'] },
        targets: [{ type: 'alb', listener: targetOf('web'), certificate: 'default' }],
      },
      {
        ...{ id: 'far-example-org', key: 'ecdsa-p256', names: ['far.example.org'] },
        targets: [{ type: 'alb', listener: targetOf('far'), certificate: 'default' }],
      },
      {
        ...{ id: 'legacy-example-org', key: 'rsa-2048', names: ['legacy.example.org'] },
        targets: [{ type: 'clb', loadBalancer: 'legacy', port: expect.any(Number) }],
      },
      {
        ...{ id: 'mail-example-org', key: 'ecdsa-p256', names: ['mail.example.org'] },
        targets: [{ type: 'nlb', listener: targetOf('mail'), certificate: 'default' }],
      },
    ]),
  );
  expect(text).toMatch(
    /^# Not managed.*\n# - shop\.example\.net, ends on \d{4}-\d\d-\d\d: no public/m,
  );

  const validated = await runCertkeep(['validate', file]);
  expect(validated.stdout).toContain(`${file} is valid: 4 certificates with 5 names, 4 targets`);
  expect(validated.code).toBeLessThan(2);
  expect(await synthesized(file)).toContain('Certkeep.template.json');
}, 180_000);

/** Runs the app as the CDK command line does, without the findings that other tests look at. */
function synthesized(file: string): Promise<readonly string[]> {
  const outdir = mkdtempSync(join(directory, 'out-'));
  const context = JSON.stringify({ config: file });
  const env = {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: context,
    CDK_VALIDATION: 'false',
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['infra/app.ts'], { env }, (error) =>
      error ? reject(error) : resolve(readdirSync(outdir)),
    );
  });
}

test('without agreement the file is not valid, and says what to read', async () => {
  const file = join(directory, 'terms.yaml');
  const done = await init('terms.yaml', '--all');
  expect(done).toMatchObject({ code: 1, stderr: '' });
  expect(done.stdout).toContain('It cannot be deployed before somebody agrees to the terms');
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/Read https:\/\/letsencrypt\.org\/repository\/ first\..*\n {4}# termsOf/);
  expect(await runCertkeep(['validate', file])).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('issuers.letsencrypt.termsOfServiceAgreed'),
  });
  writeFileSync(file, text.replace('# termsOfServiceAgreed', 'termsOfServiceAgreed'));
  expect((await runCertkeep(['validate', file])).code).toBe(1);
});

test('one certificate is picked by the ARN of what is in use', async () => {
  const all = readFileSync(join(directory, 'all.yaml'), 'utf8');
  const arn = /far-example-org:\n {4}# Now (\S+),/.exec(all)?.[1] ?? '';
  expect((await init('one.yaml', '--pick', arn, '--agree-to-terms')).code).toBe(0);
  const one = readFileSync(join(directory, 'one.yaml'), 'utf8');
  expect(one.match(/^ {2}[a-z-]+-org:$/gm)).toEqual(['  far-example-org:']);
  const without = await init('two.yaml', '--pick', foreign);
  expect(without.code).toBe(2);
  expect(without.stderr).toContain(`${foreign} is none of the certificates that certkeep can take`);
});

test('a file that is there is left as it is, before anything is looked at', async () => {
  const file = join(directory, 'there.yaml');
  writeFileSync(file, 'mine');
  const done = await init('there.yaml', '--all', '--agree-to-terms');
  expect(done).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: `certkeep: ${file} is there already, and is left as it is\nNext: npx certkeep init --out ANOTHER.yaml\n`,
  });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('where nobody can be asked, it shows what it found and how to say it', async () => {
  const done = await init('asked.yaml');
  expect(done.code).toBe(2);
  expect(done.stdout).toContain('4 imported certificates in use');
  expect(done.stderr).toMatch(/--pick.*\nNext: npx certkeep init --all\n$/);
  expect(readdirSync(directory)).not.toContain('asked.yaml');
});

test('what is refused is said, in the file as well, and the rest goes on', async () => {
  cloud.faults.add({
    when: ({ operation, service }) => service === 'elb' && operation === 'DescribeLoadBalancers',
    fault: { do: 'refuse', code: 'AccessDenied', status: 403 },
    times: Number.POSITIVE_INFINITY,
  });
  try {
    const done = await init('refused.yaml', '--all', '--agree-to-terms');
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('Classic Load Balancers in us-east-1: AccessDenied');
    const text = readFileSync(join(directory, 'refused.yaml'), 'utf8');
    expect(text).toMatch(
      /^# - Classic Load Balancers in eu-west-1 could not be looked at: Access/m,
    );
    expect(text).not.toContain('legacy-example-org:');
    expect(text).toMatch(/^# - legacy\.example\.org.*Classic Load Balancer legacy/m);
  } finally {
    cloud.faults.clear();
  }
});

test('without a region, and without credentials, it says what to do', async () => {
  const out = ['init', '--out', join(directory, 'none.yaml')];
  const { AWS_REGION: _, ...withoutRegion } = person;
  const nowhere = { ...withoutRegion, AWS_CONFIG_FILE: '/dev/null' };
  expect((await runCertkeep(out, nowhere)).stderr).toMatch(
    /no region.*\nNext: .*--region REGION\n$/,
  );
  const odd = await runCertkeep([...out, '--region', 'Frankfurt'], person);
  expect(odd.stderr).toContain('"Frankfurt" is not the name of a region');
  const nobody = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  expect(await runCertkeep([...out, ...regions], nobody)).toMatchObject({
    ...{ code: 2, stdout: '' },
    stderr: expect.stringMatching(/no AWS credentials are found.*\nNext: aws sts get-caller/),
  });
});
