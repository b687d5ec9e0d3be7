import { X509Certificate } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pebble, startPebble } from 'local-cloud/ca/pebble.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { dayMs } from '#shared/time/clock.ts';
import { isFull } from '#test/support/full.ts';
import { type IssueStage, issueStage } from '#test/support/issue-stage.ts';
import type { personalSecrets } from '#test/support/issuer-deps.ts';

export const binary = process.env.PEBBLE;
/** Certificates a setting. */
export const count = isFull ? 200 : 3;
export const patience = { timeout: 60_000 + count * 5_000 };

export type Setting = {
  /** Pebble's `PEBBLE_…` variables, and settings of its configuration file. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly issuer?: Partial<IssuerConfig>;
  readonly secrets?: ReturnType<typeof personalSecrets>;
  /** The names of its certificates by their ids; a few certificates of a name or two unless told. */
  readonly certificates?: Readonly<Record<string, readonly string[]>>;
  /** Takes the chain that ends in this one of Pebble's roots. */
  readonly root?: number;
};

export type PebbleLab = {
  readonly pebble: Pebble;
  readonly stage: IssueStage;
  /** The common name of one of its roots. */
  readonly rootName: string | undefined;
  /** Retry-After headers since the start. */
  readonly retryAfters: readonly string[];
  /** Asks its management interface; a body is posted. */
  manage(path: string, body?: object): Promise<string>;
  close(): Promise<void>;
};

export const ids = Array.from({ length: count }, (_, at) => `c${at}`);

/** Every third is for an apex and its wildcard. */
const names = Object.fromEntries(
  ids.map((id, at) => [
    id,
    at % 3 === 0 ? [`${id}.example.com`, `*.${id}.example.com`] : [`${id}.example.com`],
  ]),
);

/** Pebble, refusing half of all nonces, and the issue stage of `count` certificates before it. */
export async function startLab(setting: Setting): Promise<PebbleLab> {
  const directory = await mkdtemp(join(tmpdir(), 'pebble-'));
  const pebble = await startPebble({
    binary: binary ?? '',
    dnsAddress: '127.0.0.1:1',
    directory,
    settings: { certificateValidityPeriod: (90 * dayMs) / 1_000, ...setting.settings },
    environment: {
      PEBBLE_VA_ALWAYS_VALID: '1',
      PEBBLE_AUTHZREUSE: '0',
      PEBBLE_WFE_NONCEREJECT: '50',
      ...setting.environment,
    },
  });
  const manage = managed(pebble);
  const rootName =
    setting.root === undefined ? undefined : nameIn(await manage(`/roots/${setting.root}`));
  const config: IssuerConfig = {
    type: 'acme',
    directory: pebble.directoryUrl,
    termsOfServiceAgreed: true,
    contact: [],
    caBundle: pebble.rootPem,
    ...(rootName !== undefined && { preferredChain: rootName }),
    ...setting.issuer,
  };
  const { retryAfters, stop } = retryAftersHeard();
  return {
    pebble,
    stage: issueStage({
      issuer: config,
      certificates: setting.certificates ?? names,
      ...(setting.secrets && { deps: setting.secrets }),
    }),
    rootName,
    retryAfters,
    manage,
    async close() {
      stop();
      await pebble.close();
      await rm(directory, { recursive: true });
    },
  };
}

function managed({ managementUrl, rootPem: ca }: Pebble) {
  const headers = { 'user-agent': 'certkeep-test', 'content-type': 'application/json' };
  return (path: string, body?: object) =>
    new Promise<string>((resolve, reject) => {
      const method = body ? 'POST' : 'GET';
      const options = { method, ca, headers, agent: false } as const;
      const request = https.request(`${managementUrl}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${path} answered ${response.statusCode}: ${text}`));
        });
      });
      request.on('error', reject);
      request.end(body && JSON.stringify(body));
    });
}

function nameIn(pem: string): string {
  const { subject } = new X509Certificate(pem);
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
}

/** As the client's own HTTP stack saw them. */
function retryAftersHeard() {
  const retryAfters: string[] = [];
  const hear = (message: unknown) => {
    const { response } = message as { response: { headers: Record<string, string> } };
    const header = response.headers['retry-after'];
    if (header !== undefined) retryAfters.push(header);
  };
  const channel = 'http.client.response.finish';
  diagnostics.subscribe(channel, hear);
  return { retryAfters, stop: () => diagnostics.unsubscribe(channel, hear) };
}
