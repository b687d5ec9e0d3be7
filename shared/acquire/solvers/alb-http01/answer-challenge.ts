import type { ObjectStore } from '#shared/aws/object-store.ts';
import { errorName, isCertkeepError } from '#shared/errors.ts';
import { answerKey, challengePath } from './paths.ts';

export type BalancerRequest = { readonly httpMethod: string; readonly path: string };

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
export type BalancerAnswer = {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly isBase64Encoded: false;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** RFC 8555 §8.3: base64url. Strangers send what they like: nothing else ever becomes the key of an object. */
const token = /^[A-Za-z0-9_-]{1,128}$/;
/** A token, a dot and a thumbprint. */
const longestAnswer = 1_024;
const keyAuthorization = /^[A-Za-z0-9_-]{1,128}\.[A-Za-z0-9_-]{1,128}$/;

/** What a CA looks for, if the issue stage has put it there for it. */
export async function answerChallenge(
  objects: Pick<ObjectStore, 'get'>,
  { httpMethod, path }: BalancerRequest,
): Promise<BalancerAnswer> {
  const asked = path.startsWith(challengePath) ? path.slice(challengePath.length) : '';
  const isRead = httpMethod === 'GET' || httpMethod === 'HEAD';
  if (!isRead || !token.test(asked)) return notFound;
  const held = await read(objects, answerKey(asked));
  if (held === null || !keyAuthorization.test(held) || !held.startsWith(`${asked}.`)) {
    return notFound;
  }
  return answer(200, 'OK', held);
}

/** S3 answers 403 instead of 404 to whoever may not list the bucket, as this function may not. */
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
