import { createHash, randomBytes } from 'node:crypto';
import type { Is } from './urls.ts';

export type Challenge = {
  readonly type: string;
  readonly token: string;
  status: string;
  looks: number;
  failed: boolean;
};

export type Authorization = {
  readonly id: number;
  readonly name: string;
  /** The names of the order that it stands for. */
  readonly isWildcard: boolean;
  status: string;
  readonly challenges: readonly Challenge[];
};

export type Order = {
  readonly id: number;
  readonly names: readonly string[];
  readonly authorizations: readonly Authorization[];
  status: string;
  looks: number;
  /** PEM blocks, the leaf first. */
  certificates: readonly string[] | null;
  downloads: number;
};

/** RFC 8555 §7.4: an order for names, with an authorization each unless freedoms have it otherwise. */
export function newOrder(id: number, names: readonly string[], is: Is): Order {
  const plain = names.map((name) => name.replace(/^\*\./, ''));
  const asked = is('oneForBoth') ? [...new Set(plain)] : names;
  const authorizations = asked.map((name, index) => newAuthorization(id * 100 + index, name, is));
  if (is('expiresFirst') && id === 1 && authorizations[0]) authorizations[0].status = 'expired';
  const isReady = is('readyAtOnce');
  if (isReady) for (const each of authorizations) each.status = 'valid';
  return {
    id,
    names,
    authorizations,
    status: isReady ? 'ready' : 'pending',
    looks: 0,
    certificates: null,
    downloads: 0,
  };
}

function newAuthorization(id: number, name: string, is: Is): Authorization {
  const isWildcard = name.startsWith('*.');
  const token = randomBytes(is('longTokens') ? 1_200 : 16).toString('base64url');
  const offered = isWildcard || is('onlyDns') ? ['dns-01'] : ['http-01', 'dns-01'];
  const types = is('onlyHttp') ? ['http-01'] : offered;
  return {
    id,
    name: name.replace(/^\*\./, ''),
    isWildcard,
    status: 'pending',
    challenges: types.map((type) => ({ type, token, status: 'pending', looks: 0, failed: false })),
  };
}

/** RFC 8555 §8.4. */
export function txtValueOf(token: string, thumbprint: string): string {
  return createHash('sha256').update(`${token}.${thumbprint}`).digest('base64url');
}

/** RFC 8555 §7.1.6: what follows for authorization and order from their challenges. */
export function settle(order: Order, is: Is): void {
  for (const authorization of order.authorizations) {
    if (authorization.status !== 'pending') continue;
    const states = authorization.challenges.map(({ status }) => status);
    if (states.includes('valid')) authorization.status = 'valid';
    else if (states.includes('invalid')) authorization.status = 'invalid';
  }
  if (order.status !== 'pending') return;
  const states = order.authorizations.map(({ status }) => status);
  if (states.includes('invalid')) order.status = 'invalid';
  else if (states.every((status) => status === 'valid')) {
    order.looks += 1;
    if (order.looks > (is('slowOrders') ? 4 : 0)) order.status = 'ready';
  }
}
