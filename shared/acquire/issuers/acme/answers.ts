import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import { inEnglish } from '#shared/in-english.ts';
import type { Authorization, Order } from '../issuer.ts';
import type { AcmeAnswer } from './client.ts';
import { cleanText, embeddedProblem } from './problem.ts';
import { parseRetryAfter } from './retry-after.ts';
import { onHost } from './transport.ts';

/** Challenge types that certkeep understands; a CA may offer others, even without a token. */
const knownTypes = ['dns-01', 'http-01', 'tls-alpn-01'];

/** RFC 8555 §8.1: base64url. A token ends up in paths and record values. */
const tokenPattern = /^[A-Za-z0-9_-]{1,512}$/;
const namePattern = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

const url = z.string().check(z.maxLength(2_000));
const status = z.string().check(z.regex(/^[a-z]{1,30}$/));
// What is wrong with it is no reason not to use the order.
const expires = z.catch(z.optional(z.iso.datetime({ offset: true })), undefined);

const orderSchema = z.looseObject({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.array(url).check(z.maxLength(1_000)),
  finalize: url,
  certificate: z.optional(url),
  expires,
  replaces: z.optional(z.string()),
  error: z.optional(z.unknown()),
});

const challengeSchema = z.looseObject({
  type: z.string(),
  url: z.optional(url),
  status: z.optional(status),
  token: z.optional(z.string()),
  error: z.optional(z.unknown()),
});

const authorizationSchema = z.looseObject({
  identifier: z.looseObject({ type: z.literal('dns'), value: z.string().check(z.toLowerCase()) }),
  wildcard: z.optional(z.boolean()),
  status,
  expires,
  challenges: z.array(challengeSchema).check(z.maxLength(50)),
});

/** RFC 8555 §7.1.3. */
export function readOrder(answer: AcmeAnswer, orderUrl: string, host: string, clock: Clock): Order {
  const order = parse(orderSchema, answer.data, 'order');
  // Of an order that is ready already there may be nothing to tell; a pending one would stay so.
  if (order.status === 'pending' && order.authorizations.length === 0) {
    throw new CertkeepError('IssuerAnswerInvalid', 'the pending order has no authorizations');
  }
  const pinned = (each: string) => onHost(each, host).href;
  return {
    url: pinned(orderUrl),
    status: order.status,
    authorizationUrls: order.authorizations.map(pinned),
    finalizeUrl: pinned(order.finalize),
    certificateUrl: order.certificate === undefined ? null : pinned(order.certificate),
    isReplacing: order.replaces !== undefined,
    problem: embeddedProblem(order.error, orderUrl),
    expires: order.expires === undefined ? null : new Date(order.expires),
    retryAfter: parseRetryAfter(answer.headers['retry-after'], clock.now()),
  };
}

/** RFC 8555 §7.1.4. */
export function readAuthorization(
  answer: AcmeAnswer,
  authorizationUrl: string,
  { host, keyThumbprint, clock }: { host: string; keyThumbprint: string; clock: Clock },
): Authorization {
  const authorization = parse(authorizationSchema, answer.data, 'authorization');
  const name = authorization.identifier.value;
  if (!namePattern.test(name)) {
    throw new CertkeepError('IssuerAnswerInvalid', `authorization for "${cleanText(name, 253)}"`);
  }
  return {
    url: onHost(authorizationUrl, host).href,
    name: authorization.wildcard ? `*.${name}` : name,
    status: authorization.status,
    challenges: authorization.challenges.flatMap((challenge) => {
      const { type, token } = challenge;
      if (!knownTypes.includes(type) || token === undefined) return [];
      return [
        {
          url: onHost(challenge.url ?? '', host).href,
          type,
          status: challenge.status ?? 'pending',
          token: checkedToken(token),
          keyAuthorization: `${token}.${keyThumbprint}`,
          keyAuthorizationDigest: digest(`${token}.${keyThumbprint}`),
          problem: embeddedProblem(challenge.error, authorizationUrl),
        },
      ];
    }),
    expires: authorization.expires === undefined ? null : new Date(authorization.expires),
    retryAfter: parseRetryAfter(answer.headers['retry-after'], clock.now()),
  };
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

function checkedToken(token: string): string {
  if (tokenPattern.test(token)) return token;
  throw new CertkeepError('IssuerAnswerInvalid', 'the token of a challenge is not base64url');
}

/** RFC 8555 §8.4: the TXT value is the digest of the key authorization. */
function digest(keyAuthorization: string): string {
  return createHash('sha256').update(keyAuthorization).digest('base64url');
}
