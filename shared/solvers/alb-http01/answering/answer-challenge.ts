import { errorName, isCertkeepError } from '#shared/errors.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { answerKey, challengePath, hostNamed, isToken } from './paths.ts';
import type { Thumbprints } from './thumbprints.ts';

export type BalancerRequest = {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: { readonly host?: string | undefined } | undefined;
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
export type BalancerAnswer = {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly isBase64Encoded: false;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type AnswerPorts = {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly thumbprints: Thumbprints;
};

/** An answer is a token, a dot and a thumbprint. */
const longestAnswer = 1_024;

/**
 * Answers a CA with what the issue stage has stored for this host, and only if that proves control to an account of ours:
 * somebody else who writes into the bucket cannot prove anything to their own accounts.
 */
export async function answerChallenge(
  { objects, thumbprints }: AnswerPorts,
  { httpMethod, path, headers }: BalancerRequest,
): Promise<BalancerAnswer> {
  const token = path.startsWith(challengePath) ? path.slice(challengePath.length) : '';
  const isRead = httpMethod === 'GET' || httpMethod === 'HEAD';
  const host = hostNamed(headers?.host);
  if (!isRead || !isToken(token) || host === null) return notFound;
  const held = await read(objects, answerKey(token, host));
  const thumbprint = thumbprintIn(held, token);
  if (held === null || thumbprint === null) return notFound;
  return (await thumbprints.isOurs(thumbprint)) ? answer(200, 'OK', held) : notFound;
}

/** RFC 7638: a SHA-256 digest in base64url. */
const thumbprintPattern = /^[A-Za-z0-9_-]{43}$/;

function thumbprintIn(keyAuthorization: string | null, token: string): string | null {
  if (!keyAuthorization?.startsWith(`${token}.`)) return null;
  const thumbprint = keyAuthorization.slice(token.length + 1);
  return thumbprintPattern.test(thumbprint) ? thumbprint : null;
}

/** S3 answers 403 instead of 404 to a caller that may not list the bucket, and this function may not. */
async function read(objects: Pick<ObjectStore, 'get'>, key: string): Promise<string | null> {
  try {
    const found = await objects.get(key, longestAnswer);
    return found && Buffer.from(found.body).toString('latin1');
  } catch (error) {
    if (errorName(error) === 'AccessDenied' || isCertkeepError(error, 'LedgerUnreadable'))
      return null;
    throw error;
  }
}

function answer(statusCode: number, words: string, body: string): BalancerAnswer {
  return {
    statusCode,
    statusDescription: `${statusCode} ${words}`,
    isBase64Encoded: false,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
    body,
  };
}

const notFound = answer(404, 'Not Found', '');
