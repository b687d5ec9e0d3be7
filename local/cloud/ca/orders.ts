import { addMs } from '../clock.ts';
import {
  type Account,
  type Authorization,
  authorizationStatus,
  type Book,
  newId,
  type Order,
  openAuthorization,
  orderLifeMs,
  orderStatus,
} from './book.ts';
import { orderedNames } from './identifiers.ts';
import type { Limiter } from './limits.ts';
import type { Payload } from './messages.ts';
import { refuse } from './problem.ts';
import { orderedProfile, type Profiles } from './profiles.ts';
import { checkReplaces } from './renewal-info.ts';

/** RFC 8555 §7.4. As at Let's Encrypt, an account that asks again for the names of its own open order gets that order. */
export function newOrder(
  book: Book,
  account: Account,
  payload: Payload,
  world: {
    readonly now: Date;
    readonly base: string;
    readonly authzReuse: boolean;
    readonly profiles: Profiles;
    readonly limiter: Limiter;
  },
): Order {
  const names = orderedNames(payload.identifiers);
  if (payload.notBefore !== undefined || payload.notAfter !== undefined) {
    refuse('malformed', 'NotBefore and NotAfter are not supported');
  }
  const profile = orderedProfile(world.profiles, payload.profile, names);
  const replaces = checkReplaces(book, account, names, payload.replaces, world.now);
  const open = openOrder(book, account, { names, profile }, world.now);
  if (open) return open;
  world.limiter.admit({ account, names, replaces });
  const order: Order = {
    url: `${world.base}/acme/order/${newId()}`,
    account,
    names,
    authorizations: names.map((name) => authorize(book, account, name, world)),
    createdAt: world.now,
    expires: addMs(world.now, orderLifeMs),
    profile,
    replaces,
    finalizedTimes: 0,
    certificate: null,
  };
  world.limiter.ordered(order);
  book.orders.set(order.url, order);
  return order;
}

function openOrder(
  book: Book,
  account: Account,
  { names, profile }: Pick<Order, 'names' | 'profile'>,
  now: Date,
) {
  return [...book.orders.values()].find(
    (order) =>
      order.account === account &&
      order.profile === profile &&
      order.names.join() === names.join() &&
      ['pending', 'ready'].includes(orderStatus(order, now)),
  );
}

function authorize(
  book: Book,
  account: Account,
  name: string,
  world: { readonly now: Date; readonly base: string; readonly authzReuse: boolean },
): Authorization {
  const valid = world.authzReuse && validAuthorization(book, account, name, world.now);
  if (valid) return valid;
  const id = newId();
  const authorization = openAuthorization(account, name, {
    now: world.now,
    url: `${world.base}/acme/authz/${id}`,
    challengeUrl: `${world.base}/acme/chall/${id}`,
  });
  book.authorizations.set(authorization.url, authorization);
  return authorization;
}

function validAuthorization(book: Book, account: Account, name: string, now: Date) {
  return [...book.authorizations.values()].find(
    (each) =>
      each.account === account &&
      (each.isWildcard ? `*.${each.name}` : each.name) === name &&
      authorizationStatus(each, now) === 'valid',
  );
}
