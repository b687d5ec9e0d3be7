import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '#test/support/full.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certkeep-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function start(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['local/demo/start.ts', ...args],
      (_, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

async function startWith(text: string, ...args: readonly string[]): Promise<Ended> {
  const file = join(directory, `${crypto.randomUUID()}.yaml`);
  await writeFile(file, text);
  return start('--config', file, ...args);
}

const atLetsEncrypt = `
home: {account: "123456789012", region: eu-central-1}
alerts: {email: [ops@certkeep.dev]}
issuers:
  letsencrypt:
    type: acme
    directory: https://acme-v02.api.letsencrypt.org/directory
    termsOfServiceAgreed: true
`;

const ofTwo = `${atLetsEncrypt}solvers: [{type: route53}]
certificates:
  stored: {names: [Stored.Example.COM.], issuer: letsencrypt}
  served:
    names: [bücher.example.com]
    issuer: letsencrypt
    key: rsa-2048
    targets: [{type: clb, loadBalancer: classic}]
`;

test.runIf(isFull)(
  'another configuration is played, and the last line says what came of it',
  async () => {
    const { status, stdout, stderr } = await startWith(`${ofTwo}replicas: [eu-west-1]\n`, '--json');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(last).toEqual({
      ok: true,
      durationMs: expect.any(Number),
      certificates: [
        expect.objectContaining({ id: 'stored', issued: true, served: true, targets: [] }),
        {
          id: 'served',
          reason: 'there is no certificate yet',
          issued: true,
          served: true,
          oldSerial: null,
          newSerial: expect.stringMatching(/^[0-9A-F]+$/),
          targets: [
            {
              kind: 'clb',
              name: 'classic',
              place: '000000000000/eu-central-1',
              port: expect.any(Number),
              serial: last.certificates[1].newSerial,
              asked: true,
              served: true,
              proven: true,
            },
          ],
        },
      ],
    });
  },
);

test.each([
  ['an empty file', '', 'is empty'],
  ['a YAML syntax error', 'home: {account: "1', 'line 1'],
  ['a file of something else', '- just\n- a list\n', 'fix:'],
])('%s ends with a clear message and no stack trace', async (_, text, words) => {
  const { status, stdout, stderr } = await startWith(text);
  expect(status).toBe(1);
  expect(stdout + stderr).toContain(words);
  expect(stdout + stderr).not.toMatch(/^\s+at /m);
});

test('a file that is not there and an unknown option are named', async () => {
  expect((await start('--config', join(directory, 'none.yaml'))).stderr).toContain('none.yaml');
  const unknown = await start('--nope');
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain("Unknown option '--nope'");
  expect(unknown.stderr).not.toMatch(/^\s+at /m);
});

test('an unknown fleet is named, with those that there are', async () => {
  const unknown = await start('--fleet', 'nowhere');
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain('There is no fleet "nowhere". There are: everywhere.');
  expect(unknown.stderr).not.toMatch(/^\s+at /m);
});

test.skipIf(realParts.pebble === null)('the same fleet is issued by Pebble', async () => {
  const { status, stdout } = await start('--json', '--pebble', realParts.pebble ?? '');
  expect(status, stdout).toBe(0);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  expect(last.ok).toBe(true);
  expect(last.certificates.map(({ issued }: { issued: boolean }) => issued)).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
});

const overHttp = `${atLetsEncrypt}solvers:
  - type: alb-http01
    listener: arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shop/50dc6c495c0c9188/0467ef3c8400ae65
  - type: alb-http01
    listener: arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/many/61ed7d5a6d1da299/1578f04d9511bf76
    rule: permanent
    priority: 1
    selector: {dnsZones: [many.example.com]}
certificates:
  shop: {names: [shop.example.com, many.example.com], issuer: letsencrypt}
`;

test.skipIf(realParts.pebble === null)('Pebble finds what load balancers answer', async () => {
  const { status, stdout } = await startWith(
    overHttp,
    '--json',
    '--pebble',
    realParts.pebble ?? '',
  );
  expect(status, stdout).toBe(0);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ ok: true, certificates: [{ id: 'shop', issued: true }] });
});
