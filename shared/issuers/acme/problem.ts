import * as z from 'zod/mini';
import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { cleanText, quoted } from '#shared/text/plain-text.ts';
import { parseRetryAfter, retryTimeInText } from './wire/retry-after.ts';

export type Subproblem = {
  readonly type: string;
  readonly detail: string;
  readonly name: string | null;
};

/** A CA's problem document (RFC 8555 §6.7); always the cause of a CertkeepError. */
export class AcmeProblem extends Error {
  override readonly name = 'AcmeProblem';
  /** Without the prefix `urn:ietf:params:acme:error:`. */
  readonly type: string;
  /** 0 where the problem is part of another object. */
  readonly status: number;
  readonly detail: string;
  readonly subproblems: readonly Subproblem[];
  readonly retryAfter: Date | null;
  readonly url: string;
  /** The full link that a person must visit, where nothing else helps; otherwise null. */
  readonly link: string | null;

  /** `isSaid` is false where the CA has said nothing, so that `detail` is certkeep's own. */
  constructor(fields: Omit<AcmeProblem, keyof Error> & { readonly isSaid?: boolean }) {
    const named = fields.subproblems
      .slice(0, namedSubproblems)
      .map(({ name, detail }) => `; ${name ?? 'also'}: ${quoted(detail)}`);
    const kind = fields.status > 0 ? `${fields.type}, ${fields.status}` : fields.type;
    const said = fields.isSaid === false ? fields.detail : quoted(fields.detail);
    super(`${said}${named.join('')} (${kind})`);
    this.type = fields.type;
    this.status = fields.status;
    this.detail = fields.detail;
    this.subproblems = fields.subproblems;
    this.retryAfter = fields.retryAfter;
    this.url = fields.url;
    this.link = fields.link;
  }
}

/** More subproblems tell a person nothing new. */
const namedSubproblems = 10;

const text = z.catch(z.string(), '');
const subproblem = z.looseObject({
  type: text,
  detail: text,
  identifier: z.catch(z.optional(z.looseObject({ value: z.string() })), undefined),
});
const problemSchema = z.looseObject({
  type: text,
  detail: text,
  instance: text,
  subproblems: z.catch(z.array(subproblem).check(z.maxLength(100)), []),
});

/** Replaces the type where there is no problem document. */
const unexplained = 'unexplained';
const badNonceType = 'urn:ietf:params:acme:error:badNonce';

export function isBadNonce(status: number, data: unknown): boolean {
  return status === 400 && problemSchema.safeParse(data).data?.type === badNonceType;
}

/** `data` may be anything: load balancers of CAs answer with HTML pages. */
export function readProblem(
  answer: { status: number; headers: Readonly<Record<string, string>>; data: unknown },
  url: string,
  now: Date,
): AcmeProblem {
  const { status, headers, data } = answer;
  return problemIn(data, {
    status,
    silence: `HTTP status ${status} without an explanation`,
    retryAfter: parseRetryAfter(headers['retry-after'], now),
    url,
  });
}

/** The `error` of an order or a challenge; null when there is none. */
export function embeddedProblem(error: unknown, url: string): AcmeProblem | null {
  if (error === undefined || error === null) return null;
  return problemIn(error, { status: 0, silence: 'no detail', retryAfter: null, url });
}

function problemIn(
  data: unknown,
  { silence, ...rest }: Pick<AcmeProblem, 'status' | 'retryAfter' | 'url'> & { silence: string },
): AcmeProblem {
  const parsed = problemSchema.safeParse(data).data;
  const detail = cleanText(parsed?.detail ?? '');
  const type = shortType(parsed?.type ?? '') || (detail ? 'no type' : unexplained);
  return new AcmeProblem({
    ...rest,
    type,
    detail: detail || silence,
    isSaid: detail !== '',
    link: parsed ? linkIn(parsed, type, rest.status) : null,
    subproblems: (parsed?.subproblems ?? []).map((each) => ({
      type: shortType(each.type) || 'no type',
      detail: cleanText(each.detail, 300),
      name: each.identifier ? cleanText(each.identifier.value, 253) : null,
    })),
  });
}

/** Translates a problem for the workflow. A rate limit is neither success nor failure, but a date. */
export function refusal(problem: AcmeProblem, now: Date): CertkeepError {
  const { status, type, retryAfter, message } = problem;
  // Let's Encrypt's load balancers send 503 with Retry-After for a rate limit; a 503 without it is an outage.
  const limited = status === 429 || type === 'rateLimited' || (status === 503 && retryAfter);
  if (limited && !isPaused(problem)) {
    return new CertkeepError('IssuerRateLimited', `the CA limits requests: ${message}`, {
      cause: problem,
      retryAt: later(retryAfter, retryTimeInText(problem.detail, now)),
    });
  }
  // The nonces came from the CA itself, as fresh as it gives them.
  if (status >= 500 || type === 'badNonce') {
    return new CertkeepError('IssuerUnreachable', `the CA failed: ${message}`, {
      cause: problem,
      retryAt: retryAfter,
    });
  }
  // A CA gives a reason (RFC 8555 §6.7); this answer came from a device in front of it, which another CA does not have.
  if (type === unexplained) {
    return new CertkeepError('IssuerAnswerInvalid', `refused: ${message}`, { cause: problem });
  }
  return new CertkeepError('IssuerRefused', `the CA refused: ${message}`, { cause: problem });
}

export function isRefusedAs(error: unknown, ...types: readonly string[]): boolean {
  const problem = problemOf(error);
  return problem !== null && types.includes(problem.type);
}

/** The CA no longer knows the requested object. */
export function isGone(error: unknown): boolean {
  const status = problemOf(error)?.status;
  return status === 404 || status === 410;
}

/** The requested object does not exist, or cannot be requested this way. */
export function isMissing(error: unknown): boolean {
  return isGone(error) || problemOf(error)?.status === 405;
}

/** The CA answered, and neither failed nor asked us to wait. */
export function isRefusal(error: unknown): boolean {
  const status = problemOf(error)?.status ?? 0;
  return (
    status >= 400 &&
    status < 500 &&
    !isCertkeepError(error, 'IssuerRateLimited') &&
    !isCertkeepError(error, 'IssuerUnreachable')
  );
}

export function problemOf(error: unknown): AcmeProblem | null {
  if (error instanceof AcmeProblem) return error;
  return error instanceof Error && error.cause instanceof AcmeProblem ? error.cause : null;
}

/** Let's Encrypt pauses names that keep failing: a 429 that waiting does not end, with a link for a person. */
function isPaused({ detail, retryAfter }: AcmeProblem): boolean {
  return retryAfter === null && pause.test(detail);
}

const pause = /temporarily prevented/i;

/** Returns a link only for these problems; other instructions to people are in the text. */
function linkIn(
  { detail, instance }: z.infer<typeof problemSchema>,
  type: string,
  status: number,
): string | null {
  // RFC 8555 §7.3.3: where to agree to the terms of the CA, which have changed.
  if (type === 'userActionRequired') return webPage(instance);
  return status === 429 ? linkOfPause(detail) : null;
}

/** This link repeats the names in base64: hundreds of characters, useless if cut. */
function linkOfPause(detail: string): string | null {
  const [, written = ''] = /visit:?\s+(\S+)/i.exec(detail) ?? [];
  return pause.test(detail) ? webPage(written) : null;
}

function webPage(written: string): string | null {
  return /^https:\/\/[\x21-\x7e]{1,4000}$/.test(written)
    ? (URL.parse(written)?.href ?? null)
    : null;
}

function later(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a > b ? a : b;
}

function shortType(type: string): string {
  return cleanText(type.replace(/^urn:ietf:params:acme:error:/, ''), 100);
}
