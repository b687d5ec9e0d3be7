import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';
import { inEnglish } from '#shared/text/in-english.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Authorization, Challenge, Order } from '../issuer.ts';
import { embeddedProblem } from './problem.ts';
import { pinned } from './wire/pinned-url.ts';
import { parseRetryAfter } from './wire/retry-after.ts';

/** `data` is parsed JSON or text, and untrusted until a schema has read it. */
export type AcmeAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
};

/** Challenge types that certkeep understands; a CA may offer others, even without a token. */
const knownTypes = ['dns-01', 'http-01', 'tls-alpn-01'] as const;

/** RFC 8555 §8.1: base64url with at least 22 characters and no maximum. A token becomes part of paths and record values. */
const tokenPattern = /^[A-Za-z0-9_-]{1,2048}$/;
const namePattern = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

const url = z.string().check(z.maxLength(2_000));
// Some CAs have additional states.
const status = z.string().check(z.regex(/^[\w-]{1,30}$/));
// A malformed date is no reason to reject the order.
const expires = z.catch(z.optional(z.iso.datetime({ offset: true })), undefined);

// Entrust omits `finalize` once the order is valid, Venafi omits `authorizations` once it is ready.
const orderSchema = z.looseObject({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.optional(z.array(url).check(z.maxLength(1_000))),
  finalize: z.optional(url),
  certificate: z.optional(url),
  expires,
  replaces: z.catch(z.optional(z.string()), undefined),
  error: z.optional(z.unknown()),
});

const challengeSchema = z.looseObject({
  type: z.enum(knownTypes),
  url,
  status: z._default(status, 'pending'),
  token: z.string().check(z.regex(tokenPattern, 'is not base64url')),
  error: z.optional(z.unknown()),
});

const authorizationSchema = z.looseObject({
  identifier: z.looseObject({ type: z.literal('dns'), value: z.string().check(z.toLowerCase()) }),
  wildcard: z.optional(z.boolean()),
  status,
  expires,
  challenges: z.array(z.unknown()).check(z.maxLength(50)),
});

/** The request that an answer belongs to. */
export type Asked = {
  /** The requested URL, against which relative URLs are resolved. */
  readonly url: string;
  readonly clock: Clock;
};

/** RFC 8555 §7.1.3. `replaces` is the replacement that the order named. */
export function readOrder(
  answer: AcmeAnswer,
  orderUrl: string,
  { url: asked, clock, replaces = null }: Asked & { readonly replaces?: string | null },
): Order {
  const order = parse(orderSchema, answer.data, 'order');
  const { status, authorizations = [], finalize } = order;
  // An order that is ready may have no authorizations; a pending one would stay pending.
  if (status === 'pending' && authorizations.length === 0) {
    throw new CertkeepError('IssuerAnswerInvalid', 'the pending order has no authorizations');
  }
  if ((status === 'pending' || status === 'ready') && finalize === undefined) {
    throw new CertkeepError('IssuerAnswerInvalid', `the ${status} order has no finalize URL`);
  }
  const at = (each: string) => pinned(each, asked);
  return {
    url: at(orderUrl),
    status,
    authorizationUrls: authorizations.map(at),
    finalizeUrl: finalize === undefined ? null : at(finalize),
    certificateUrl: order.certificate === undefined ? null : at(order.certificate),
    // RFC 9773 §5: a server repeats the field. An order that it returns again may replace another certificate.
    isReplacing: replaces !== null && order.replaces === replaces,
    problem: embeddedProblem(order.error, orderUrl),
    expires: order.expires === undefined ? null : new Date(order.expires),
    retryAfter: parseRetryAfter(answer.headers['retry-after'], clock.now()),
  };
}

/**
 * RFC 8555 §7.1.4. It leaves out challenges that cannot be used, since CAs offer other types (§8). A malformed challenge of
 * our types is an error only where no usable one is left.
 */
export function readAuthorization(
  answer: AcmeAnswer,
  { url: asked, clock, keyThumbprint }: Asked & { readonly keyThumbprint: string },
): Authorization {
  const authorization = parse(authorizationSchema, answer.data, 'authorization');
  const name = authorization.identifier.value;
  if (!namePattern.test(name)) {
    throw new CertkeepError('IssuerAnswerInvalid', `authorization for "${cleanText(name, 253)}"`);
  }
  return {
    url: asked,
    name: authorization.wildcard ? `*.${name}` : name,
    status: authorization.status,
    challenges: usable(authorization.challenges, (each) => {
      const {
        type,
        url: written,
        status: own,
        token,
        error,
      } = parse(challengeSchema, each, 'challenge');
      const keyAuthorization = `${token}.${keyThumbprint}`;
      return {
        url: pinned(written, asked),
        type,
        status: own,
        token,
        keyAuthorization,
        keyAuthorizationDigest: digest(keyAuthorization),
        problem: embeddedProblem(error, asked),
      };
    }),
    expires: authorization.expires === undefined ? null : new Date(authorization.expires),
    retryAfter: parseRetryAfter(answer.headers['retry-after'], clock.now()),
  };
}

/** The challenge types for which certkeep has solvers. */
const solvedTypes: readonly string[] = ['dns-01', 'http-01'];

function usable(
  challenges: readonly unknown[],
  read: (challenge: unknown) => Challenge,
): readonly Challenge[] {
  const found: Challenge[] = [];
  const broken: unknown[] = [];
  for (const each of challenges) {
    try {
      found.push(read(each));
    } catch (error) {
      if (isOfOurs(each)) broken.push(error);
    }
  }
  const [first] = broken;
  if (first && !found.some(({ type }) => solvedTypes.includes(type))) throw first;
  return found;
}

/** Says whether a challenge has such a type and a token; a type without a token is a newer one. */
function isOfOurs(challenge: unknown): boolean {
  const { type, token } = (challenge ?? {}) as { type?: unknown; token?: unknown };
  return typeof type === 'string' && solvedTypes.includes(type) && token !== undefined;
}

export function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  data: unknown,
  what: string,
): z.output<Schema> {
  const { success, data: parsed, error } = schema.safeParse(data, inEnglish);
  if (success) return parsed;
  const where = error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw new CertkeepError(
    'IssuerAnswerInvalid',
    cleanText(`the CA sent no valid ${what}: ${where.join('; ')}`),
    { cause: error },
  );
}

/** RFC 8555 §8.4: the TXT value is the digest of the key authorization. */
function digest(keyAuthorization: string): string {
  return createHash('sha256').update(keyAuthorization).digest('base64url');
}
