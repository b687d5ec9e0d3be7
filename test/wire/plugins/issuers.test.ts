import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCsr } from 'local-cloud/ca/csr.ts';
import { makeKey } from 'local-cloud/ca/x509.ts';
import { sharedCa } from 'local-cloud/kit/certificates.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Issuer, Order } from '#shared/issuers/issuer.ts';
import { plugin } from '#shared/issuers/template/plugin.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { checkIssued } from '#shared/x509/certificate.ts';
import { createCsr, createKey } from '#shared/x509/csr.ts';
import { acmeLab, authorize, settled } from '#test/support/acme-lab.ts';
import { issuerDeps, personalSecrets } from '#test/support/issuer-deps.ts';

const names = ['shop.example.com'];

type IssuerHarness = {
  /** As a process of its own. */
  issuer(): Issuer;
  /** Brings an order to where it can be finalized. */
  ready(order: Order): Promise<Order>;
  /** Brings an order that was finalized to its certificate. */
  valid(order: Order): Promise<Order>;
  readonly now: () => Date;
  close(): Promise<void>;
};

async function acme(): Promise<IssuerHarness> {
  const lab = await acmeLab();
  const { clock } = lab.dns;
  return {
    issuer: () => lab.issuer(),
    async ready(order) {
      await authorize(lab.issuer(), lab.dns.solver(), clock, order);
      return settled(lab.issuer(), clock, order, 'pending');
    },
    valid: (order) => settled(lab.issuer(), clock, order, 'processing'),
    now: clock.now,
    close: lab.close,
  };
}

async function signing(): Promise<IssuerHarness> {
  const clock = virtualClock();
  const orders = new Map<
    string,
    { names: string[]; certificatePem: string | null; chainPem: string }
  >();
  const server = createServer(async (request, response) => {
    const [, , id = '', part] = request.url?.split('/') ?? [];
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.headers.authorization !== 'Bearer secret')
      return void response.writeHead(401).end();
    const known = id || String(orders.size + 1);
    if (!id) orders.set(known, { ...JSON.parse(body), certificatePem: null, chainPem: '' });
    const order = orders.get(known);
    if (!order) return void response.writeHead(404).end();
    if (part === 'csr') {
      const publicKey = await readCsr(
        JSON.parse(body).csr,
        order.names,
        makeKey('ecdsa-p256').publicKey,
      );
      const notBefore = clock.now();
      const notAfter = addMs(notBefore, 30 * dayMs);
      const issued = await (await sharedCa()).issue({ ...order, publicKey, notBefore, notAfter });
      Object.assign(order, issued);
    }
    const status = order.certificatePem === null ? 'ready' : 'valid';
    response.end(JSON.stringify({ ...order, id: known, status }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { readSecret } = personalSecrets({ token: 'secret' });
  return {
    issuer: () =>
      plugin.create({ type: 'template', server: url, token: 'token' }, issuerDeps({ readSecret })),
    ready: async (order) => order,
    valid: async (order) => order,
    now: clock.now,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.each([
  ['acme', acme],
  ['template', signing],
] as const)('an issuer of type %s', (_, start) => {
  let harness: IssuerHarness;
  beforeEach(async () => {
    harness = await start();
  });
  afterEach(() => harness.close());

  test('gives a certificate for the names and the key of the request, with its chain', async () => {
    const ordered = await harness.ready(await harness.issuer().newOrder(names));
    const keyPem = createKey('ecdsa-p256');
    const finalized = await harness
      .issuer()
      .finalize(ordered.finalizeUrl ?? '', ordered.url, createCsr(keyPem, names));
    const { certificateUrl } = await harness.valid(finalized);
    const issued = await harness.issuer().certificate(certificateUrl ?? '');
    const expected = { names, keyPem, keyAlgorithm: 'ecdsa-p256', now: harness.now() } as const;
    expect(checkIssued(issued, expected)).toEqual([]);
  });

  test('shows an order to another process as it is', async () => {
    const ordered = await harness.issuer().newOrder(names);
    const found = await harness.issuer().order(ordered.url);
    expect(found).toMatchObject({ url: ordered.url, status: ordered.status });
  });

  test('has no order at an address that is not its own', async () => {
    await harness.issuer().newOrder(names);
    expect(await harness.issuer().order('http://127.0.0.1:1/orders/1')).toBeNull();
  });

  test('says that it cannot be reached, by a name that lets another CA take over', async () => {
    const issuer = harness.issuer();
    await harness.close();
    await expect(issuer.newOrder(names)).rejects.toMatchObject({ name: 'IssuerUnreachable' });
    harness = await start();
  });
});
