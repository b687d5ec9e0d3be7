import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { addMs, dayMs } from '../clock.ts';
import { type Account, type Book, type Order, orderStatus } from './book.ts';
import type { Reply } from './messages.ts';
import { refuse } from './problem.ts';

const usualRetryAfter = '21600';

/** RFC 9773 §4.1: the issuer's key identifier and the serial, from the certificate. */
export function renewalId(pem: string): string {
  const certificate = new x509.X509Certificate(pem);
  const authority = certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId ?? '';
  // DER integers are signed, so a zero byte precedes a first bit of one.
  const serial = Buffer.from(new X509Certificate(pem).serialNumber, 'hex');
  const content = (serial[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), serial]) : serial;
  return `${Buffer.from(authority, 'hex').toString('base64url')}.${content.toString('base64url')}`;
}

/** RFC 9773 §4.2, for anybody. The window is Let's Encrypt's unless a test has set another. */
export function renewalInfo(book: Book, id: string): Reply {
  const found = issuedAs(book, id);
  if (!found?.certificate) return refuse('malformed', 'Certificate not found', { status: 404 });
  const { certificate } = found;
  const told = certificate.renewalInfo;
  const retryAfter = told?.retryAfter === undefined ? usualRetryAfter : told.retryAfter;
  return {
    status: told?.status ?? 200,
    headers: retryAfter === null ? {} : { 'retry-after': retryAfter },
    body: told?.body ?? { suggestedWindow: usualWindow(certificate) },
  };
}

/** Says whether the CA wants that certificate renewed now, by its own window or a test's. */
export function isInWindow(book: Book, id: string, now: Date): boolean {
  const certificate = issuedAs(book, id)?.certificate;
  if (!certificate) return false;
  const told = certificate.renewalInfo?.body as { suggestedWindow?: Window } | undefined;
  const { start, end } = told?.suggestedWindow ?? usualWindow(certificate);
  return new Date(start) <= now && now < new Date(end);
}

type Window = { readonly start: string; readonly end: string };

/** Boulder's window: around two thirds of the lifetime, or half of it under ten days, and a fiftieth of it wide. */
function usualWindow({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }) {
  const lifetimeMs = notAfter.getTime() - notBefore.getTime();
  const share = lifetimeMs < 10 * dayMs ? 1 / 2 : 2 / 3;
  const ideal = addMs(notBefore, lifetimeMs * share);
  return {
    start: addMs(ideal, -lifetimeMs / 100).toISOString(),
    end: addMs(ideal, lifetimeMs / 100).toISOString(),
  };
}

/**
 * RFC 9773 §5 and Boulder's further conditions: the certificate is known, belongs to the same account, shares a name with
 * the order, and no other order replaces it.
 */
export function checkReplaces(
  book: Book,
  account: Account,
  names: readonly string[],
  replaces: unknown,
  now: Date,
): string | null {
  if (replaces === undefined) return null;
  const found = typeof replaces === 'string' ? issuedAs(book, replaces) : undefined;
  if (!found)
    return refuse('malformed', 'could not find an order for the certificate to replace', {
      status: 404,
    });
  if (found.account !== account) {
    refuse('unauthorized', 'requester account did not request the certificate being replaced');
  }
  if (!found.names.some((name) => names.includes(name))) {
    refuse(
      'malformed',
      'requested identifiers do not match those of the certificate being replaced',
    );
  }
  const replacing = [...book.orders.values()].find(
    (order) => order.replaces === replaces && orderStatus(order, now) !== 'invalid',
  );
  if (replacing) {
    refuse(
      'alreadyReplaced',
      'cannot indicate an order replaces a certificate that already has a replacement order',
      {
        status: 409,
      },
    );
  }
  return replaces as string;
}

function issuedAs(book: Book, id: string): Order | undefined {
  return [...book.orders.values()].find(({ certificate }) => certificate?.renewalId === id);
}
