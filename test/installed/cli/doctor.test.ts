import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { operator } from 'local-cloud/operator.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announceKeptCloud } from '#cli/reach/kept-cloud.ts';
import { type DoctorLab, doctorLab } from '#test/support/doctor-lab.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

let lab: DoctorLab;
const directory = mkdtempSync(join(tmpdir(), 'certkeep-doctor-'));
const file = join(directory, 'certkeep.yaml');

beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
`),
  );
  writeFileSync(file, lab.configText);
});
afterAll(async () => {
  await lab?.close();
  rmSync(directory, { recursive: true });
});

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function certkeep(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const { COLUMNS: _, ...rest } = process.env;
  const env = {
    ...rest,
    AWS_ENDPOINT_URL: lab.cloud.endpoint,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    ...more,
  };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['cli/certkeep.ts', ...args],
      { env },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('it says what is missing with the commands, fits 80 columns, and ends with 1', async () => {
  const args = ['doctor', '--config', file, '--resolver', lab.cloud.dns.address];
  const { code, stderr, stdout } = await certkeep(args);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(
    /^Credentials\n {2}ok +arn:aws:iam::000000000000:\S+ is of the home\n +account\n/,
  );
  expect(stdout).toContain('\n             npx cdk bootstrap aws://000000000000/eu-west-1\n');
  expect(stdout).toMatch(/^ {2}ok +web:\d+ serves over TLS$/m);
  expect(stdout).toMatch(/^\d+ ok, 1 warning, 2 wrong\n$/m);
  const isCommand = (line: string) => /^ {13}(npx|aws|dig|curl) /.test(line);
  const long = stdout.split('\n').filter((line) => line.length > 80 && !isCommand(line));
  expect(long).toEqual([]);
});

test('--json has the same for another program', async () => {
  const args = ['doctor', '--config', file, '--resolver', lab.cloud.dns.address, '--json'];
  const { code, stdout } = await certkeep(args);
  expect(code).toBe(1);
  const { checks, installation } = JSON.parse(stdout);
  expect(installation).toEqual({ name: 'certkeep', account: '000000000000', region: 'us-east-1' });
  expect(checks[1]).toMatchObject({
    title: 'Bootstrap of CDK',
    findings: [{ mark: 'wrong', command: 'npx cdk bootstrap aws://000000000000/us-east-1' }, {}],
  });
});

test('--local takes cloud, file and DNS from the kept cloud', async () => {
  const kept = {
    region: 'us-east-1',
    account: '000000000000',
    installation: 'certkeep',
    endpoint: lab.cloud.endpoint,
    credentials: operator,
    config: file,
    resolver: lab.cloud.dns.address,
  };
  announceKeptCloud(kept, join(directory, `certkeep-local-cloud-${userInfo().uid}.json`));
  const nothing = { AWS_ENDPOINT_URL: '', AWS_ACCESS_KEY_ID: '', TMPDIR: directory };
  const { code, stdout } = await certkeep(['doctor', '--local'], nothing);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^\d+ ok, 1 warning, 2 wrong\n$/m);
});

test.each([
  ['a file that is not there', ['doctor', '--config', 'none.yaml'], {}, 'none.yaml'],
  ['a file with a mistake', ['doctor', '--config', 'package.json'], {}, 'package.json has '],
  [
    'an AWS that does not answer',
    ['doctor', '--config', file],
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    'AWS cannot be reached',
  ],
])('%s: it says so, ends with 2, and names the next command', async (_, args, env, message) => {
  writeFileSync(file, lab.configText);
  const { code, stderr, stdout } = await certkeep(args, env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/\nNext: \S+ .*\n$/);
});
