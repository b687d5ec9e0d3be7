import { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { updateAccount } from './accounts.ts';
import type { Account, Authorization, Book, Challenge, Order } from './book.ts';
import type { Bindings } from './external-accounts.ts';
import { finalize } from './finalize.ts';
import { changeKey } from './key-change.ts';
import type { Limiter } from './limits.ts';
import type { Payload, Reply } from './messages.ts';
import { newOrder } from './orders.ts';
import { refuse } from './problem.ts';
import type { Profiles } from './profiles.ts';
import { authorizationObject, challengeObject, orderObject } from './representations.ts';
import type { CertificateAuthority } from './x509.ts';

export type World = {
  readonly clock: Clock;
  readonly book: Book;
  /** `https://127.0.0.1:PORT` */
  readonly base: string;
  readonly authority: CertificateAuthority;
  readonly validityMs: number;
  readonly backdateMs: number;
  readonly finalizeMs: number;
  readonly authzReuse: boolean;
  readonly profiles: Profiles;
  readonly renewalInfo: boolean;
  /** The URL of the revocation list; null for none. */
  readonly crlUrl: string | null;
  /** Null where accounts need no binding. */
  readonly bindings: Bindings | null;
  readonly limiter: Limiter;
  /** Puts the certificate with that serial on the list. Returns false where it was revoked before. */
  readonly revoke: (serial: string, reason: number) => boolean;
  /** Starts to validate the challenge, which is `processing` until then. */
  readonly startValidation: (authorization: Authorization, challenge: Challenge) => void;
};

/** A request of an account for one URL; a null payload is POST-as-GET. */
type Asked = {
  readonly url: string;
  readonly account: Account;
  readonly payload: Payload | null;
};

export type Resource = {
  /** The name of the operation for faults and counters. */
  readonly operation: string;
  readonly path: RegExp;
  readonly respond: (asked: Asked, world: World) => Reply | Promise<Reply>;
};

export const resources: readonly Resource[] = [
  { operation: 'newOrder', path: /^\/acme\/new-order$/, respond: orderNew },
  { operation: 'account', path: /^\/acme\/acct\/\w+$/, respond: account },
  { operation: 'order', path: /^\/acme\/order\/\w+$/, respond: order },
  { operation: 'finalize', path: /^\/acme\/order\/\w+\/finalize$/, respond: orderFinalize },
  { operation: 'authz', path: /^\/acme\/authz\/\w+$/, respond: authorization },
  { operation: 'challenge', path: /^\/acme\/chall\/\w+\/\d+$/, respond: challenge },
  { operation: 'revokeCert', path: /^\/acme\/revoke-cert$/, respond: revokeCert },
  { operation: 'keyChange', path: /^\/acme\/key-change$/, respond: keyChange },
  { operation: 'certificate', path: /^\/acme\/cert\/\w+(\/\d+)?$/, respond: certificate },
];

function orderNew(asked: Asked, world: World): Reply {
  const now = world.clock.now();
  const found = newOrder(world.book, asked.account, filled(asked), { ...world, now });
  return { status: 201, headers: { location: found.url }, body: orderObject(found, now) };
}

function account(asked: Asked): Reply {
  if (asked.url !== asked.account.url) {
    refuse('unauthorized', 'Request signing key did not match account key');
  }
  return updateAccount(asked.account, asked.payload);
}

async function keyChange(asked: Asked, { book }: World): Promise<Reply> {
  return changeKey(book, asked.account, { payload: filled(asked), url: asked.url });
}

function order(asked: Asked, world: World): Reply {
  refusePayload(asked);
  return orderReply(ownOrder(asked, asked.url, world), world);
}

async function orderFinalize(asked: Asked, world: World): Promise<Reply> {
  const found = ownOrder(asked, asked.url.replace(/\/finalize$/, ''), world);
  await finalize(found, filled(asked), { ...world, now: world.clock.now() });
  return orderReply(found, world);
}

function authorization(asked: Asked, world: World): Reply {
  const found = world.book.authorizations.get(asked.url);
  if (!found) return notFound('No such authorization');
  refuseForeign(found.account, asked);
  if (asked.payload?.status === 'deactivated') found.decision = 'deactivated';
  else refusePayload(asked);
  const body = authorizationObject(found, world.clock.now());
  const isTried = found.challenges.some(({ status }) => status === 'processing');
  return { status: 200, body, ...(isTried && { headers: { 'retry-after': '1' } }) };
}

/** RFC 8555 §7.5.1: a payload of `{}` says that the challenge is ready. */
function challenge(asked: Asked, world: World): Reply {
  const parentUrl = asked.url.replace('/chall/', '/authz/').replace(/\/\d+$/, '');
  const parent = world.book.authorizations.get(parentUrl);
  const found = parent?.challenges.find(({ url }) => url === asked.url);
  if (!parent || !found) return notFound('No such challenge');
  refuseForeign(parent.account, asked);
  const isUntouched = parent.challenges.every(({ status }) => status === 'pending');
  if (asked.payload && isUntouched && parent.decision === 'pending') {
    found.status = 'processing';
    world.startValidation(parent, found);
  } else if (asked.payload && parent.decision !== 'valid' && parent.decision !== 'pending') {
    refuse('malformed', 'Unable to update challenge :: authorization must be pending');
  }
  return {
    status: 200,
    headers: {
      link: `<${parentUrl}>;rel="up"`,
      ...(found.status === 'processing' && { 'retry-after': '1' }),
    },
    body: challengeObject(found, parent),
  };
}

function certificate(asked: Asked, world: World): Reply {
  refusePayload(asked);
  const [, url, alternate] = /^(.*\/cert\/\w+)(?:\/(\d+))?$/.exec(asked.url) ?? [];
  const found = [...world.book.orders.values()].find((each) => each.certificate?.url === url);
  if (!found?.certificate || world.clock.now() < found.certificate.readyAt) {
    return notFound('Certificate not found');
  }
  refuseForeign(found.account, asked);
  const { pem, alternates } = found.certificate;
  const body = alternate === undefined ? pem : alternates[Number(alternate) - 1];
  if (body === undefined) return notFound('Certificate chain not found');
  const others = alternates.map((_, index) => `<${url}/${index + 1}>;rel="alternate"`);
  return {
    status: 200,
    headers: {
      'content-type': 'application/pem-certificate-chain',
      ...(others.length > 0 && { link: others.join(', ') }),
    },
    body,
  };
}

/** RFC 8555 §7.6, by the account that the certificate was issued to. */
function revokeCert(asked: Asked, world: World): Reply {
  const { certificate: der, reason = 0 } = filled(asked);
  const serial = serialIn(String(der));
  const found = [...world.book.orders.values()].find((each) => each.certificate?.serial === serial);
  if (!found) return notFound('No such certificate');
  refuseForeign(found.account, asked);
  if (!acceptedReasons.includes(Number(reason))) {
    refuse('badRevocationReason', `Unsupported revocation reason code ${reason}`);
  }
  if (!world.revoke(serial, Number(reason))) {
    refuse('alreadyRevoked', 'Certificate is already revoked');
  }
  return { status: 200 };
}

/** https://letsencrypt.org/docs/revoking/#specifying-a-reason-code */
const acceptedReasons = [0, 1, 4, 5];

function serialIn(der: string): string {
  try {
    return new X509Certificate(Buffer.from(der, 'base64url')).serialNumber;
  } catch {
    return refuse('malformed', 'Unable to parse certificate DER');
  }
}

function orderReply(found: Order, world: World): Reply {
  const now = world.clock.now();
  const body = orderObject(found, now);
  const waitMs = (found.certificate?.readyAt.getTime() ?? 0) - now.getTime();
  const headers = {
    location: found.url,
    ...(body.status === 'processing' && {
      'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))),
    }),
  };
  return { status: 200, headers, body };
}

/** The order of another account is "not found", as at Let's Encrypt. */
function ownOrder(asked: Asked, url: string, world: World): Order {
  const found = world.book.orders.get(url);
  return found?.account === asked.account ? found : notFound('No order found for account');
}

function refuseForeign(owner: Account, asked: Asked): void {
  if (owner !== asked.account) refuse('unauthorized', 'Requesting account differs from the owner');
}

function filled(asked: Asked): Payload {
  return asked.payload ?? refuse('malformed', 'Request needs a payload');
}

function refusePayload(asked: Asked): void {
  if (asked.payload) refuse('malformed', 'POST-as-GET requests must have an empty payload');
}

function notFound(detail: string): never {
  return refuse('malformed', detail, { status: 404 });
}
