import * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import { parseJson } from '#shared/text/json.ts';

/** The credentials that a CA gives its customers to bind an ACME account (RFC 8555 §7.3.4). */
export type ExternalAccount = { readonly kid: string; readonly hmacKey: Secret };

/** base64url as in the RFC, or base64 as some CAs print it. */
const key = z.string().check(z.regex(/^[A-Za-z0-9+/_-]{10,1000}={0,2}$/));
const schema = z.looseObject({ kid: z.string().check(z.minLength(1)), hmacKey: key });

/**
 * Reads the secret that a person wrote: `{"kid": "…", "hmacKey": "…"}`.
 * @throws CertkeepError ExternalAccountUnreadable, which shows nothing of it
 */
export function readExternalAccount(name: string, stored: Secret | null): ExternalAccount {
  if (!stored) throw unreadable(name, 'does not exist');
  const parsed = schema.safeParse(parseJson(stored.reveal())).data;
  if (parsed) return { kid: parsed.kid, hmacKey: new Secret(parsed.hmacKey) };
  throw unreadable(name, 'is not {"kid": "…", "hmacKey": "…"} with a base64url key');
}

function unreadable(name: string, what: string): CertkeepError {
  return new CertkeepError('ExternalAccountUnreadable', `secret ${name} ${what}`);
}
