import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import { faultInjection } from 'local-cloud/faults.ts';
import { shakeHands } from 'local-cloud/handshake.ts';
import { commandEnvironment } from 'local-cloud/kit/aws-command.ts';
import { type MadeCertificate, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import {
  secretsManager,
  secretsManagerService,
} from 'local-cloud/services/secrets-manager/service.ts';
import { ssm, ssmService } from 'local-cloud/services/ssm/service.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { type AwsFront, startAwsFront } from 'local-cloud/wire/front.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { installedNginx, type Nginx, startNginx } from '#local/demo/landscape/nginx.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { awsCommandClient } from '#shared/targets/files/client.ts';
import { filesFacts } from '#shared/targets/files/facts.ts';
import { filesTarget } from '#shared/targets/files/files.ts';
import type { HostPush } from '#shared/targets/target.ts';
import { secondMs } from '#shared/time/clock.ts';

const examples = join(import.meta.dirname, '../../../examples');
const program = await installedNginx();
const home = { account: homeAccount, region: 'us-east-1' };
const SecretId = 'certkeep/shop';
const instance = 'i-0123456789abcdef0';
const ids = ['a'.repeat(32), 'b'.repeat(32)] as const;
const clock = virtualClock();

let base: string;
let front: AwsFront;
let nginx: Nginx;
let push: HostPush;
let made: readonly MadeCertificate[];
const printed: string[] = [];

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'certkeep-nginx-'));
  copyFileSync(join(examples, 'certkeep-files.sh'), join(base, 'certkeep-files'));
  const commands = ssm({ clock });
  const services = [secretsManagerService(secretsManager({ clock })), ssmService(commands)];
  front = await startAwsFront({ services, faults: faultInjection(), callerOf: () => null });
  commands.addHost({
    ...{ ...home, id: instance, tags: {} },
    isOnline: () => true,
    run: ({ script }) => carriedOut(script),
  });
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const options = { endpoint: front.endpoint, region: home.region, credentials };
  await new SSMClient(options).send(
    new CreateDocumentCommand({
      ...{ Name: 'certkeep-files', DocumentType: 'Command', DocumentFormat: 'JSON' },
      Content: JSON.stringify(parse(hereOf('ssm-document.yaml'))),
    }),
  );
  const of = { names: ['shop.example.com'], now: new Date() };
  made = [await makeCertificate(of), await makeCertificate(of)];
  const secrets = new SecretsManagerClient(options);
  const [first, second] = made.map(sealed);
  await secrets.send(
    new CreateSecretCommand({ Name: SecretId, SecretString: first, ClientRequestToken: ids[0] }),
  );
  await secrets.send(
    new PutSecretValueCommand({ SecretId, SecretString: second, ClientRequestToken: ids[1] }),
  );
  push = pushWith(options);
});
afterEach(async () => {
  nginx?.close();
  await front.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  rmSync(base, { recursive: true });
});

/** The document, with the paths of this test for those of a host. */
function hereOf(file: string): string {
  return readFileSync(join(examples, file), 'utf8')
    .replaceAll('/usr/local/sbin/certkeep-files', `sh '${base}/certkeep-files'`)
    .replaceAll('/etc/nginx/tls', `${base}/tls`)
    .replace('nginx -t && systemctl reload nginx', reload());
}

/** Before nginx is there, nothing is to be reloaded. */
function reload(): string {
  const own = `"${program}" -p "${base}/tls/shop" -c "${base}/tls/shop/nginx.conf" -e stderr`;
  return `[ ! -e "${base}/tls/shop/nginx.conf" ] || { ${own} -t && ${own} -s reload; }`;
}

function pushWith(options: Parameters<typeof clientOptions>[0]): HostPush {
  const config = {
    type: 'files',
    probe: 'shop.example.com',
    push: { document: 'certkeep-files', instances: [instance] },
  } as const;
  const identity = filesFacts.identify(config as never, home);
  const client = awsCommandClient(clientOptions(options));
  const given = { config: config as never, identity, installation: 'certkeep', home, client };
  const found = filesTarget({ ...given, certificate: 'shop' }).fetched?.push;
  if (!found) throw new Error('it has no push');
  return found;
}

function sealed({ certificatePem, chainPem, keyPem }: MadeCertificate): string {
  return JSON.stringify({ schema: 1, key: keyPem, certificate: certificatePem, chain: chainPem });
}

/** As the agent of a host does it. */
async function carriedOut(script: string): Promise<void> {
  const { PATH, ...environment } = commandEnvironment(base);
  const env = {
    ...environment,
    PATH: `${join(realParts.aws ?? '', '..')}:${PATH}`,
    AWS_ENDPOINT_URL: front.endpoint,
  };
  const child = spawn('sh', ['-c', script], { env });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => void printed.push(`${text}`));
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`exit code ${code}: ${printed.join('')}`);
}

/** Sends a command, and says what became of it. */
async function told(version: string): Promise<string> {
  const id = await push.send(`certkeep ${version}`, version);
  let is = 'running';
  await expect
    .poll(
      async () => {
        clock.advance(secondMs);
        const state = await push.look(id);
        is = state.is === 'failed' ? state.error.name : state.is;
        return is;
      },
      { timeout: 20_000 },
    )
    .not.toBe('running');
  return is;
}

async function served(): Promise<string> {
  const asked = { host: '127.0.0.1', port: nginx.port, servername: 'shop.example.com' };
  return (await shakeHands({ ...asked, family: null, timeoutMs: 3_000 })).serialNumber;
}

const serialOf = (at: 0 | 1) => new X509Certificate(made[at]?.certificatePem ?? '').serialNumber;

describe.skipIf(realParts.aws === null || program === null)(
  'nginx on a host, told by a command with the document of the examples',
  () => {
    beforeEach(async () => {
      expect(await told(ids[0])).toBe('done');
      nginx = await startNginx(program ?? '', join(base, 'tls/shop'));
      expect(await served()).toBe(serialOf(0));
    });

    test('serves the version that the command names, and goes back to an earlier one', async () => {
      expect(await told(ids[1])).toBe('done');
      await expect.poll(served, { timeout: 5_000 }).toBe(serialOf(1));
      expect(await told(ids[0])).toBe('done');
      await expect.poll(served, { timeout: 5_000 }).toBe(serialOf(0));
      expect(statSync(join(base, 'tls/shop/live/privkey.pem')).mode & 0o777).toBe(0o600);
      expect(printed.join('')).not.toContain('PRIVATE');
    }, 60_000);

    test('keeps what it serves where its configuration is broken, and people hear of the host', async () => {
      const file = join(base, 'tls/shop/nginx.conf');
      writeFileSync(file, `${readFileSync(file, 'utf8')}\nbroken`);
      expect(await told(ids[1])).toBe('HostCommandFailed');
      expect(await served()).toBe(serialOf(0));
      const live = readFileSync(join(base, 'tls/shop/live/cert.pem'));
      expect(new X509Certificate(live).serialNumber).toBe(serialOf(0));
    }, 60_000);
  },
);
