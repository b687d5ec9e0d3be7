import { spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { faultInjection } from 'local-cloud/faults.ts';
import { commandEnvironment } from 'local-cloud/kit/aws-command.ts';
import { type MadeCertificate, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import {
  secretsManager,
  secretsManagerService,
} from 'local-cloud/services/secrets-manager/service.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { type AwsFront, startAwsFront } from 'local-cloud/wire/front.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = join(import.meta.dirname, '../../../examples/certkeep-files.sh');
const SecretId = 'certkeep/shop';
const firstId = 'a'.repeat(32);
const secondId = 'b'.repeat(32);

let base: string;
let front: AwsFront;
let client: SecretsManagerClient;
let first: MadeCertificate;
let second: MadeCertificate;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'certkeep-files-'));
  const services = [secretsManagerService(secretsManager({ clock: virtualClock() }))];
  front = await startAwsFront({ services, faults: faultInjection(), callerOf: () => null });
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  client = new SecretsManagerClient({ endpoint: front.endpoint, region: 'us-east-1', credentials });
  first = await made();
  second = await made();
  await client.send(
    new CreateSecretCommand({
      Name: SecretId,
      SecretString: sealed(first),
      ClientRequestToken: firstId,
    }),
  );
});
afterEach(async () => {
  rmSync(base, { recursive: true });
  await front.close();
});

/** The clock of the host is the real one. */
function made(change: { readonly now?: Date } = {}): Promise<MadeCertificate> {
  return makeCertificate({
    names: ['shop.example.com'],
    key: 'ecdsa-p256',
    now: new Date(),
    ...change,
  });
}

/** As certkeep stores a version (keystores/secrets-manager/material.ts). */
function sealed({ certificatePem, chainPem, keyPem }: MadeCertificate): string {
  return JSON.stringify({
    schema: 1,
    version: 'v',
    key: keyPem,
    certificate: certificatePem,
    chain: chainPem,
  });
}

async function renew(to = second, ClientRequestToken = secondId): Promise<void> {
  await client.send(
    new PutSecretValueCommand({ SecretId, SecretString: sealed(to), ClientRequestToken }),
  );
}

const directory = () => join(base, 'tls');
const live = (name: string) => readFileSync(join(directory(), 'live', name), 'utf8');
const served = () => new X509Certificate(live('fullchain.pem')).serialNumber;
const serialOf = ({ certificatePem }: MadeCertificate) =>
  new X509Certificate(certificatePem).serialNumber;
const note = () => `echo reloaded >> ${join(base, 'reloads')}`;
const reloads = () =>
  existsSync(join(base, 'reloads'))
    ? readFileSync(join(base, 'reloads'), 'utf8').split('\n').length - 1
    : 0;

type Ended = { readonly code: number | null; readonly output: string };

function run(
  args: readonly string[] = ['--reload', note()],
  more: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return ended(started(args, more));
}

/** `aws` on the path is the real one, wherever it is. */
function started(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const { PATH, ...environment } = commandEnvironment(base);
  const env = {
    ...environment,
    PATH: `${join(realParts.aws ?? '', '..')}:${PATH}`,
    AWS_ENDPOINT_URL: front.endpoint,
    AWS_DEFAULT_REGION: 'us-east-1',
    ...more,
  };
  return spawn('bash', [script, SecretId, directory(), ...args], { env, detached: true });
}

function ended(child: ReturnType<typeof started>): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

describe.skipIf(realParts.aws === null)('the script for hosts, with the aws command line', () => {
  test('puts a pair that matches where a server reads it, and reloads once', async () => {
    expect(await run(['--for', 'shop.example.com', '--reload', note()])).toMatchObject({ code: 0 });
    expect(served()).toBe(serialOf(first));
    expect(
      new X509Certificate(live('cert.pem')).checkPrivateKey(createPrivateKey(live('privkey.pem'))),
    ).toBe(true);
    expect(live('fullchain.pem')).toBe(first.certificatePem + first.chainPem);
    expect(statSync(join(directory(), 'live/privkey.pem')).mode & 0o777).toBe(0o600);
    expect(await run()).toEqual({ code: 0, output: '' });
    expect(reloads()).toBe(1);
  });

  test('a real server that reads the files serves the new version after the reload', async () => {
    await run();
    const pair = () => ({ key: live('privkey.pem'), cert: live('fullchain.pem') });
    const server = createServer(pair()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    await renew();
    await run(['--mode', '0640', '--reload', note()]);
    server.setSecureContext(pair());
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.getPeerCertificate().serialNumber).toBe(serialOf(second));
    socket.destroy();
    server.close();
    expect(statSync(join(directory(), 'live/privkey.pem')).mode & 0o777).toBe(0o640);
    expect(reloads()).toBe(2);
  });

  test('takes the version that a command names', async () => {
    await renew();
    await run(['--version', firstId, '--region', 'us-east-1']);
    expect(served()).toBe(serialOf(first));
  });

  test.each([
    [
      'a key of another certificate',
      async () => ({ ...second, keyPem: first.keyPem }),
      'is not that',
    ],
    ['an end that has passed', () => made({ now: new Date(0) }), 'has expired'],
    ['a key that cannot be read', async () => ({ ...second, keyPem: 'nothing' }), 'cannot be read'],
  ])('keeps what is there where the new version has %s', async (_, wrong, why) => {
    await run();
    await renew(await wrong());
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toContain(why);
    expect(served()).toBe(serialOf(first));
    expect(reloads()).toBe(1);
  });

  test('keeps what is there where the certificate is for other names', async () => {
    const { code, output } = await run(['--for', 'other.example.com']);
    expect({ code, output }).toEqual({
      code: 1,
      output: 'certkeep-files: the certificate is not for other.example.com\n',
    });
    expect(existsSync(join(directory(), 'live'))).toBe(false);
  });

  test('puts the earlier version back where the server does not take the new one, and tries again', async () => {
    await run();
    await renew();
    expect((await run(['--reload', 'exit 7'])).code).toBe(1);
    expect(served()).toBe(serialOf(first));
    expect((await run()).code).toBe(0);
    expect(served()).toBe(serialOf(second));
  });

  test('prints no key, and leaves none outside of its own directory', async () => {
    const { output } = await run();
    expect(output).not.toContain('PRIVATE');
    expect(readdirSync(base).sort()).toEqual(['reloads', 'tls']);
    expect(readdirSync(join(directory(), 'versions'))).toEqual([
      readlinkSync(join(directory(), 'live')).replace('versions/', ''),
    ]);
  });
});
