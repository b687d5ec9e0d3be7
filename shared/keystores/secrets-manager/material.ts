import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import { parseJson } from '#shared/text/json.ts';
import type { StoredVersion } from '../key-store.ts';

/** The content of a certificate's secret: the fields that its readers rely on. A newer release may add some. */
const materialSchema = z.object({
  schema: z.literal(1),
  version: z.string(),
  key: z.string(),
  certificate: z.nullable(z.string()),
  chain: z.nullable(z.string()),
});

const placeholderSchema = z.object({ schema: z.literal(1), placeholder: z.literal(true) });

const secretSchema = z.union([materialSchema, placeholderSchema]);

/** A secret's first version always becomes AWSCURRENT, so the first one holds nothing that anybody could serve. */
export const placeholder = new Secret(JSON.stringify({ schema: 1, placeholder: true }));

export type TokenKind = 'placeholder' | 'key' | 'full' | 'account';

/** Deterministic, so that a retry is the same version; a version id takes 32 to 64 characters. */
export function versionToken(owner: string, id: string, kind: TokenKind): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([owner, id, kind]))
    .digest('hex');
  const cuts = [0, 8, 12, 16, 20, 32] as const;
  return cuts
    .slice(1)
    .map((end, index) => digest.slice(cuts[index], end))
    .join('-');
}

export function sealedMaterial(stored: StoredVersion): Secret {
  return new Secret(
    JSON.stringify({
      schema: 1,
      version: stored.versionId,
      key: stored.keyPem.reveal(),
      certificate: stored.certificatePem,
      chain: stored.chainPem,
    } satisfies z.input<typeof materialSchema>),
  );
}

/**
 * Null for the placeholder.
 * @throws CertkeepError StoredVersionDiffers for what certkeep did not write; it never quotes the value
 */
export function openedMaterial(secretName: string, sealed: Secret): StoredVersion | null {
  const parsed = secretSchema.safeParse(parseJson(sealed.reveal()));
  if (!parsed.success) {
    throw new CertkeepError(
      'StoredVersionDiffers',
      `secret ${secretName} holds no certkeep version`,
    );
  }
  if ('placeholder' in parsed.data) return null;
  const { version, key, certificate, chain } = parsed.data;
  return {
    versionId: version,
    keyPem: new Secret(key),
    certificatePem: certificate,
    chainPem: chain,
  };
}
