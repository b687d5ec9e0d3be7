import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { Account, Book } from './book.ts';
import { accountKey, parseJws, verifySignature } from './jws.ts';
import type { Payload, Reply } from './messages.ts';
import { AcmeRefusal, problem, refuse } from './problem.ts';
import { accountObject } from './representations.ts';

/** RFC 8555 §7.3.5: the payload is a JWS of its own, signed with the new key. */
export async function changeKey(
  book: Book,
  account: Account,
  { payload, url }: { readonly payload: Payload; readonly url: string },
): Promise<Reply> {
  const inner = parseJws(JSON.stringify(payload));
  if (!inner.jwk) refuse('malformed', 'Inner JWS must carry the new key in "jwk"');
  if (inner.nonce !== undefined) refuse('malformed', 'Inner JWS must not have a nonce');
  const { key, thumbprint } = await accountKey(inner.jwk ?? {});
  await verifySignature(inner, key);
  if (inner.url !== url) refuse('malformed', 'Outer and inner JWS differ in "url"');
  const { account: named, oldKey } = inner.payload ?? {};
  if (named !== account.url) refuse('malformed', 'Inner JWS names another account');
  if ((await thumbprintOf(oldKey)) !== account.thumbprint) {
    refuse('malformed', 'Inner JWS has another old key than the account');
  }
  const owner = [...book.accounts.values()].find((each) => each.thumbprint === thumbprint);
  if (owner) {
    const conflict = problem('malformed', 'New key is already in use', { status: 409 });
    throw new AcmeRefusal(conflict, { location: owner.url });
  }
  account.key = key;
  account.thumbprint = thumbprint;
  return { status: 200, body: accountObject(account) };
}

async function thumbprintOf(jwk: unknown): Promise<string> {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return await calculateJwkThumbprint(key);
  } catch {
    return refuse('malformed', 'Inner JWS has no "oldKey"');
  }
}
