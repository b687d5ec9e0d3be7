import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { errorName } from '#shared/errors.ts';
import { installationPattern } from '#shared/installation.ts';
import { regionPattern } from '#shared/region.ts';
import { parseJson } from '#shared/text/json.ts';

/** The home account of every local cloud. AWS gives nobody this number. */
export const localAccount = '000000000000';

const schema = z.object({
  endpoint: z.url(),
  region: z.string().check(z.regex(regionPattern)),
  account: z.string().check(z.regex(/^\d{12}$/)),
  installation: z.string().check(z.regex(installationPattern)),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  /** The configuration as it runs there. */
  config: z.optional(z.string()),
  /** `address:port` of its DNS. */
  resolver: z.optional(z.string()),
});

/** Where a local cloud is that somebody keeps running (`npm start -- --keep`), and the key of its operator. */
export type KeptCloud = Readonly<z.infer<typeof schema>>;

/** Each user of a machine has one. */
function keptCloudPath(): string {
  return join(tmpdir(), `certkeep-local-cloud-${userInfo().uid}.json`);
}

/** Says where the cloud is, to this user alone. A cloud that was kept before is forgotten. */
export function announceKeptCloud(cloud: KeptCloud, path = keptCloudPath()): void {
  rmSync(path, { force: true });
  // `wx` follows no link that somebody else has put there meanwhile.
  writeFileSync(path, `${JSON.stringify(cloud)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Forgets the cloud, unless another one has been kept since. */
export function forgetKeptCloud({ endpoint }: KeptCloud, path = keptCloudPath()): void {
  if (findKeptCloud(path)?.endpoint === endpoint) rmSync(path, { force: true });
}

/** Null where no cloud is kept. What another user has written says nothing. */
export function findKeptCloud(path = keptCloudPath()): KeptCloud | null {
  const text = ownText(path);
  return text === null ? null : (schema.safeParse(parseJson(text)).data ?? null);
}

function ownText(path: string): string | null {
  try {
    return statSync(path).uid === userInfo().uid || process.platform === 'win32'
      ? readFileSync(path, 'utf8')
      : null;
  } catch (error) {
    if (errorName(error) === 'ENOENT') return null;
    throw error;
  }
}
