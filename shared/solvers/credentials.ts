import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import { parseJson } from '#shared/text/json.ts';
import { type Clock, minuteMs } from '#shared/time/clock.ts';

/** The current value of a secret, by its name or ARN. @throws CertkeepError DnsCredentialsUnreadable */
export type SecretReader = (id: string) => Promise<Secret>;

/** The keys of a DNS service, by field of the secret. */
export type Credentials<Field extends string> = Readonly<Record<Field, Secret>>;

/**
 * Reads a secret's JSON object with these text fields. No error ever quotes the value.
 * @throws CertkeepError DnsCredentialsUnreadable
 */
export function readCredentials<Field extends string>(
  id: string,
  value: Secret,
  fields: readonly Field[],
): Credentials<Field> {
  const found = jsonObject(value);
  const wanted = `{${fields.map((field) => `"${field}": "…"`).join(', ')}}`;
  if (!found) throw unreadable(`secret ${id} does not hold JSON of the form ${wanted}`);
  const missing = fields.filter((field) => textOf(found[field]) === null);
  if (missing.length > 0) {
    throw unreadable(`secret ${id} has no text for ${missing.join(', ')}; it holds ${wanted}`);
  }
  const strange = fields.filter((field) => !sendable.test(textOf(found[field]) ?? ''));
  if (strange.length > 0) {
    throw unreadable(
      `secret ${id} has spaces, line breaks or letters outside of ASCII in ${strange.join(', ')}`,
    );
  }
  return Object.fromEntries(
    fields.map((field) => [field, new Secret(textOf(found[field]) ?? '')]),
  ) as Credentials<Field>;
}

/** Credentials contain only these characters. A header refuses a line break with an error that quotes the whole value. */
const sendable = /^[\x21-\x7e]+$/;

function unreadable(message: string): CertkeepError {
  return new CertkeepError('DnsCredentialsUnreadable', message);
}

function jsonObject(value: Secret): Readonly<Record<string, unknown>> | null {
  const parsed = parseJson(value.reveal());
  return typeof parsed === 'object' ? (parsed as Readonly<Record<string, unknown>> | null) : null;
}

/** Drops the line break that editors leave at the end. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

/** A run may use a replaced secret this much longer. */
const keptMs = 5 * minuteMs;

/**
 * Runs calls with the credentials in a secret, and reads it once for all calls of five minutes. When the DNS service
 * refuses kept credentials, it reads them again, once: somebody may have replaced them.
 */
export function withCredentials<Field extends string>(options: {
  readonly secret: string;
  readonly fields: readonly Field[];
  readonly read: SecretReader;
  readonly clock: Clock;
}): <T>(call: (credentials: Credentials<Field>) => Promise<T>) => Promise<T> {
  const { secret, fields, read, clock } = options;
  let kept: { readonly credentials: Credentials<Field>; readonly until: number } | null = null;

  async function fresh(): Promise<Credentials<Field>> {
    const credentials = readCredentials(secret, await read(secret), fields);
    kept = { credentials, until: clock.now().getTime() + keptMs };
    return credentials;
  }

  return async (call) => {
    const known = kept && clock.now().getTime() < kept.until ? kept.credentials : null;
    try {
      return await call(known ?? (await fresh()));
    } catch (error) {
      if (!isCertkeepError(error, 'DnsCredentialsRefused')) throw error;
      kept = null;
      if (!known) throw error;
    }
    return call(await fresh());
  };
}
