import { certify, download } from './certificates.ts';
import { type Jwk, type Signed, thumbprint } from './jws.ts';
import { newOrder, type Order, settle, txtValueOf } from './orders.ts';
import { namesInCsr } from './pki.ts';
import { Refusal, refuse } from './problem.ts';
import { shownAuthorization, shownChallenge, shownOrder } from './shown.ts';
import type { Is, Urls } from './urls.ts';
import type { Reply } from './wire.ts';

export type AuthorityOptions = {
  readonly is: Is;
  readonly urls: Urls;
  readonly now: () => Date;
  /** The TXT values at a name, as public DNS has them. */
  readonly lookup: (name: string) => readonly string[];
};

export type Authority = {
  readonly orders: readonly Order[];
  directory(): Reply;
  /** RFC 9773 §4.1. */
  renewalInfo(): Reply;
  newAccount(request: Signed): Reply;
  /** Everything that an account signs. */
  signed(path: string, request: Signed): Promise<Reply>;
  /** The key of an account, by what it signs with. */
  keyOf(kid: string | undefined): Jwk;
};

const day = 86_400;

/** One CA (RFC 8555), with one account a key, in memory. */
export function authority({ is, urls, now, lookup }: AuthorityOptions): Authority {
  const accounts: Jwk[] = [];
  const orders: Order[] = [];
  const once = new Set<string>();
  const isFirst = (what: string) => !once.has(what) && once.add(what).has(what);

  function directory(): Reply {
    const meta = {
      termsOfService: 'https://ca.example/terms/2',
      ...(is('bindsLookups') && { externalAccountRequired: true }),
      ...(is('profiles') && { profiles: { usual: 'as ever', other: 'as never' } }),
      ...(is('richMeta') && { website: 'https://ca.example', caaIdentities: [], 'x-of-ours': {} }),
    };
    return {
      body: {
        newNonce: urls.inBody('/nonce'),
        newAccount: urls.inBody('/new-account'),
        newOrder: urls.inBody('/new-order'),
        ...(!is('fewResources') && {
          revokeCert: urls.inBody('/revoke'),
          keyChange: urls.inBody('/key-change'),
        }),
        ...(is('renewalInfo') && { renewalInfo: urls.inBody('/renewal') }),
        ...(is('nullFields') && { newAuthz: null }),
        ...(!is('noMeta') && { meta }),
      },
    };
  }

  function renewalInfo(): Reply {
    const in60Days = (more: number) => new Date(now().getTime() + (60 * day + more) * 1_000);
    const suggestedWindow = { start: in60Days(0).toISOString(), end: in60Days(day).toISOString() };
    return { headers: { 'retry-after': retryAfter(21_600) }, body: { suggestedWindow } };
  }

  function newAccount({ header, payload }: Signed): Reply {
    const jwk = header.jwk as Jwk;
    const key = thumbprint(jwk);
    const known = accounts.findIndex((each) => thumbprint(each) === key);
    const isBound = payload?.externalAccountBinding !== undefined;
    if (is('bindsLookups') && !isBound) throw refuse(400, 'malformed', 'a binding is missing');
    if (known < 0 && payload?.onlyReturnExisting) {
      throw refuse(400, 'accountDoesNotExist', 'no account has this key');
    }
    if (is('deactivated')) throw refuse(401, 'unauthorized', 'the account is deactivated');
    if (known < 0) accounts.push(jwk);
    const id = known < 0 ? accounts.length : known + 1;
    const shown = { status: 'valid', orders: urls.inBody(`/orders/${id}`) };
    return {
      status: known >= 0 || is('accountAlways200') ? 200 : 201,
      headers: { location: urls.inLocation(`/account/${id}`) },
      body: is('bareAccount') ? shown : { ...shown, contact: contactOf(payload) },
    };
  }

  function contactOf(payload: Signed['payload']): unknown {
    return is('maskedContact') ? ['mailto:o***@corp.test'] : (payload?.contact ?? []);
  }

  function keyOf(kid: string | undefined): Jwk {
    const at = accounts.findIndex((_, index) => urls.signed(`/account/${index + 1}`) === kid);
    if (at < 0) throw refuse(400, 'accountDoesNotExist', `no account ${kid}`);
    return accounts[at] as Jwk;
  }

  function shown(order: Order, status: number): Reply {
    const isWorking = order.status === 'processing';
    return {
      status,
      headers: {
        location: urls.inLocation(`/order/${order.id}`),
        ...(isWorking && { 'retry-after': retryAfter(10) }),
      },
      body: shownOrder(order, urls, now(), is),
    };
  }

  function retryAfter(seconds: number): string {
    if (is('retryAfterDay')) return String(day);
    if (is('retryAfterZero')) return '0';
    const at = new Date(now().getTime() + seconds * 1_000);
    return is('httpDates') ? at.toUTCString() : String(seconds);
  }

  function order({ payload }: Signed): Reply {
    const identifiers = (payload?.identifiers ?? []) as readonly { readonly value: string }[];
    const terms = { instance: 'https://ca.example/terms/3' };
    if (is('newTerms')) throw refuse(403, 'userActionRequired', 'the terms have changed', terms);
    if (is('ownErrors')) {
      throw new Refusal(403, { type: 'https://ca.example/quota', detail: 'none left' }, {});
    }
    if (is('refusesName')) {
      const subproblem = { type: 'urn:ietf:params:acme:error:rejectedIdentifier', detail: 'no' };
      const subproblems = identifiers.map((identifier) => ({ ...subproblem, identifier }));
      throw refuse(403, 'compound', 'some names are not issued for', { subproblems });
    }
    if (is('limitsOnce') && isFirst('limit')) {
      const soon = new Date(now().getTime() + 300_000).toUTCString();
      throw refuse(429, 'rateLimited', 'too many orders', {}, { 'retry-after': soon });
    }
    if (is('failsOnce') && isFirst('failure')) {
      return { status: 503, type: 'text/html', body: '<html><h1>Maintenance</h1></html>' };
    }
    const names = identifiers.map(({ value }) => value.toLowerCase());
    const made = newOrder(orders.length + 1, names, is);
    orders.push(made);
    return shown(made, 201);
  }

  function orderAt(id: number): Order {
    const found = orders[id - 1];
    if (!found) throw refuse(404, 'malformed', `no order ${id}`);
    if (is('forgetsOrders') && found.certificates) throw refuse(404, 'malformed', 'gone');
    return found;
  }

  function look(found: Order): Reply {
    settle(found, is);
    if (found.status === 'processing') {
      found.looks += 1;
      if (found.looks > (is('longProcessing') ? 9 : 1)) found.status = 'valid';
    }
    return shown(found, 200);
  }

  function authorization(id: number): Reply {
    const found = orders[Math.floor(id / 100) - 1]?.authorizations[id % 100];
    if (!found) throw refuse(404, 'malformed', `no authorization ${id}`);
    return { body: shownAuthorization(found, urls, now(), is) };
  }

  function answer(id: number, type: string, key: string): Reply {
    const of = orders[Math.floor(id / 100) - 1];
    const found = of?.authorizations[id % 100];
    const challenge = found?.challenges.find((each) => each.type === type);
    if (!of || !found || !challenge) throw refuse(404, 'malformed', `no challenge ${id}/${type}`);
    if (challenge.status === 'pending') {
      challenge.status = 'processing';
      const values = lookup(`_acme-challenge.${found.name}`);
      const isThere = values.includes(txtValueOf(challenge.token, key));
      challenge.failed = is('retriedChallenges');
      const isSlow = is('slowChallenges') || is('retriedChallenges');
      challenge.looks = isSlow ? 2 : 0;
      slow.push(() => {
        if (challenge.looks > 0) challenge.looks -= 1;
        else if (challenge.status === 'processing')
          challenge.status = isThere ? 'valid' : 'invalid';
        settle(of, is);
      });
      if (!isSlow) validate();
    }
    const links = { link: [`<${urls.inBody(`/authz/${id}`)}>;rel="up"`] };
    const headers = { ...links, 'retry-after': retryAfter(5) };
    return { headers, body: shownChallenge(challenge, id, urls, is) };
  }

  const slow: (() => void)[] = [];
  /** Validation goes on by one step whenever somebody asks. */
  function validate(): void {
    for (const each of slow) each();
  }

  async function finalize(id: number, { payload }: Signed): Promise<Reply> {
    const found = orderAt(id);
    settle(found, is);
    if (found.status !== 'ready') throw refuse(403, 'orderNotReady', `it is ${found.status}`);
    const csr = Buffer.from(String(payload?.csr), 'base64url');
    const asked = [...namesInCsr(csr)].sort().join();
    if (asked !== [...found.names].sort().join()) throw refuse(400, 'badCSR', asked);
    found.certificates = await certify(found, csr, now(), is);
    found.status = is('validAtFinalize') ? 'valid' : 'processing';
    if (is('failsFinalize')) throw refuse(500, 'serverInternal', 'something went wrong');
    return shown(found, 200);
  }

  function certificate(id: number): Reply {
    const found = orders[id - 1];
    if (!found?.certificates) throw refuse(404, 'malformed', `no certificate ${id}`);
    const other = `/cert/${id}`;
    const link = is('relativeLinks') ? other : urls.inBody(other);
    return download(found, is('alternates') ? [`<${link}>;rel="alternate"`] : [], is);
  }

  return {
    orders,
    directory,
    renewalInfo,
    newAccount,
    keyOf,
    async signed(path, request) {
      validate();
      const [, kind, first = '', second = ''] = path.split('/');
      const id = Number(first);
      switch (kind) {
        case 'new-order':
          return order(request);
        case 'account':
          return { body: { status: 'valid', contact: contactOf(request.payload) } };
        case 'order':
          return look(orderAt(id));
        case 'authz':
          return authorization(id);
        case 'challenge':
          return answer(id, second, thumbprint(keyOf(request.header.kid)));
        case 'finalize':
          return finalize(id, request);
        case 'cert':
          return certificate(id);
        default:
          throw refuse(404, 'malformed', `nothing at ${path}`);
      }
    },
  };
}
