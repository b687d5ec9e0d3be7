import { CertkeepError } from '#shared/errors.ts';
import { fetchText } from '#shared/http/fetch-text.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import type { Secret } from '#shared/secret.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type SigningOrder = {
  readonly id: string;
  readonly status: 'ready' | 'valid';
  readonly certificatePem: string | null;
  readonly chainPem: string;
};

export type SigningClient = {
  create(names: readonly string[]): Promise<SigningOrder>;
  /** Null where the CA does not know the order. */
  find(id: string): Promise<SigningOrder | null>;
  sign(id: string, csrBase64url: string): Promise<SigningOrder>;
};

/**
 * Only this file speaks to the CA. @throws CertkeepError IssuerUnreachable where another CA should be tried, IssuerRefused
 * where not (docs/failover.md)
 */
export function httpSigningClient(
  server: string,
  readToken: () => Promise<Secret | null>,
): SigningClient {
  async function ask(path: string, method: string, body?: object): Promise<SigningOrder | null> {
    const token = await readToken();
    const answer = await fetchText(`${server}/orders${path}`, {
      method,
      headers: { authorization: `Bearer ${token?.reveal() ?? ''}` },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause) => {
      deadlineSignal()?.throwIfAborted();
      throw new CertkeepError('IssuerUnreachable', whyUnanswered(cause), { cause });
    });
    if (answer.status === 404) return null;
    if (answer.isOk) return JSON.parse(answer.text) as SigningOrder;
    const name = answer.status >= 500 ? 'IssuerUnreachable' : 'IssuerRefused';
    throw new CertkeepError(name, `the CA answers ${answer.status}`);
  }

  async function known(asked: Promise<SigningOrder | null>): Promise<SigningOrder> {
    const order = await asked;
    if (order) return order;
    throw new CertkeepError('IssuerRefused', 'the CA does not know the order');
  }

  return {
    create: (names) => known(ask('', 'POST', { names })),
    find: (id) => ask(`/${id}`, 'GET'),
    sign: (id, csr) => known(ask(`/${id}/csr`, 'POST', { csr })),
  };
}
