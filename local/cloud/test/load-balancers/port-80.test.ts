import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Port80, startPort80 } from '#cloud/load-balancers/port-80.ts';

let listener: Server;
let port80: Port80;
beforeEach(async () => {
  listener = createServer(({ method, url, headers }, response) =>
    response.writeHead(404, { 'content-type': 'text/x' }).end(`${method} ${headers.host} ${url}`),
  );
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  port80 = await startPort80((name) => (name === 'localhost' ? port : null));
});
afterEach(async () => {
  await port80.close();
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
});

test('a request goes to where the balancer of its name listens, and its answer comes back', async () => {
  const answer = await fetch(`http://localhost:${port80.port}/x?y=z`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/x']);
  expect(await answer.text()).toBe(`GET localhost:${port80.port} /x?y=z`);
});

test('nobody answers for a name without a balancer, or where the balancer does not listen', async () => {
  await expect(fetch(`http://127.0.0.1:${port80.port}/`)).rejects.toThrow('fetch failed');
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
  await expect(fetch(`http://localhost:${port80.port}/`)).rejects.toThrow('fetch failed');
});
