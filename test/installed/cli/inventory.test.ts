import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACMClient, AddTagsToCertificateCommand } from '@aws-sdk/client-acm';
import { operator } from 'local-cloud/operator.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DoctorLab, doctorLab } from '#test/support/doctor-lab.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

let lab: DoctorLab;
const directory = mkdtempSync(join(tmpdir(), 'certkeep-inventory-'));
const file = join(directory, 'certkeep.yaml');
const console = listenerArn('console');

beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
  api:
    names: [api.example.com]
    issuer: local
    targets: [{type: alb, listener: "${console}"}]
  legacy:
    names: [legacy.example.com]
    issuer: local
    key: rsa-2048
    targets: [{type: clb, loadBalancer: legacy}]
`),
    { consoleMade: [console] },
  );
  writeFileSync(file, lab.configText);
});
afterAll(async () => {
  await lab?.close();
  rmSync(directory, { recursive: true });
});

function certkeep(args: readonly string[], credentials = operator) {
  const { COLUMNS: _, ...rest } = process.env;
  const env = {
    ...rest,
    AWS_ENDPOINT_URL: lab.cloud.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['cli/certkeep.ts', ...args],
      { env },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** The rights below the heading of inventory. */
function documentedStatements() {
  const page = readFileSync('docs/operate.md', 'utf8');
  const section = page.slice(page.indexOf('\n## What is in use'));
  return JSON.parse(/```json\n([\s\S]*?)```/.exec(section)?.[1] ?? '').Statement;
}

test('it lists what is in use, of every key type, and who renews it', async () => {
  const shop = lab.cloud.acm
    .certificates()
    .find(({ material }) => material.latest().names.includes('shop.example.com'));
  const acm = new ACMClient(lab.operatorIn('us-east-1'));
  await acm.send(
    new AddTagsToCertificateCommand({
      CertificateArn: shop?.arn,
      Tags: [
        { Key: 'certkeep:managed', Value: 'certkeep' },
        { Key: 'certkeep:certificate', Value: 'shop' },
      ],
    }),
  );
  const args = ['inventory', '--config', file];
  const { code, stderr, stdout } = await certkeep(args, lab.as(documentedStatements()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^shop\.example\.com +\d+ d +certkeep +\S.* alb web +us-east-1$/m);
  expect(stdout).toMatch(/^api\.example\.com +\d+ d +ACM +\S.* alb console +us-east-1$/m);
  expect(stdout).toMatch(
    /^legacy\.example\.com +\d+ d +nobody +\S.* clb legacy +us-east-1\n {2}imported by somebody$/m,
  );
  expect(stdout).toMatch(/^3 certificates; nobody renews 1$/m);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('--json and --csv have the same', async () => {
  const { stdout } = await certkeep(['inventory', '--config', file, '--json']);
  expect(JSON.parse(stdout).certificates).toHaveLength(3);
  const asCsv = await certkeep(['inventory', '--config', file, '--csv']);
  expect(asCsv.stdout.split('\r\n')).toHaveLength(4);
  const both = await certkeep(['inventory', '--json', '--csv']);
  expect(both.code).toBe(2);
});

test('a place that may not be listed is said, and ends with 1', async () => {
  const { code, stderr, stdout } = await certkeep(['inventory', '--config', file], lab.as([]));
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^certkeep: note: 000000000000\/us-east-1 is not listed: .*acm:ListCertificates/,
  );
  expect(stdout).toBe('no certificate in ACM is in use there\n');
});

test('a wrong region, and nothing to go by: it says so, and the next command', async () => {
  for (const args of [
    ['--region', 'nowhere'],
    ['--config', 'none.yaml'],
  ]) {
    const { code, stderr, stdout } = await certkeep(['inventory', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/\nNext: npx certkeep \S+.*\n$/);
  }
});
