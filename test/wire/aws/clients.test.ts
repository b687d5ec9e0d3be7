import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withinDeadline } from '#shared/time/deadline.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

let server: Server;
let requests: number;
let status: number | null;
let sockets: Set<unknown>;

beforeEach(async () => {
  requests = 0;
  status = null;
  sockets = new Set();
  server = createServer((incoming, outgoing) => {
    requests += 1;
    sockets.add(incoming.socket);
    incoming.resume();
    if (status !== null) outgoing.writeHead(status, { etag: '"e"' }).end('x');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function s3(settings: Parameters<typeof localClientOptions>[1] = {}) {
  const { port } = server.address() as AddressInfo;
  const client = new S3Client(
    localClientOptions({ endpoint: `http://127.0.0.1:${port}` }, settings),
  );
  return {
    get: (abortSignal?: AbortSignal) =>
      client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }), {
        ...(abortSignal && { abortSignal }),
      }),
  };
}

test('a call that is under way ends with the deadline and is not repeated', async () => {
  const deadline = new AbortController();
  const call = withinDeadline(deadline.signal, () => s3().get());
  const ended = expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => requests, { interval: 5 }).toBe(1);
  deadline.abort(new Error('the run is over'));
  await ended;
  expect(requests).toBe(1);
});

test('no call begins after the deadline', async () => {
  const call = withinDeadline(AbortSignal.abort(new Error('over')), () => s3().get());
  await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'over' } });
  expect(requests).toBe(0);
});

test('an answer whose body never ends is cut off by the deadline', async () => {
  server.removeAllListeners('request');
  server.on('request', (incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(200, { 'content-length': '100', etag: '"e"' }).write('x');
  });
  const deadline = new AbortController();
  const body = withinDeadline(deadline.signal, async () => {
    const answer = await s3().get();
    return answer.Body?.transformToByteArray();
  });
  const ended = expect(body).rejects.toThrow();
  setTimeout(() => deadline.abort(), 100);
  await ended;
});

test('the caller’s own signal is obeyed beside the deadline', async () => {
  const own = new AbortController();
  const call = withinDeadline(new AbortController().signal, () => s3().get(own.signal));
  const ended = expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => requests, { interval: 5 }).toBe(1);
  own.abort();
  await ended;
});

test('a failing server is asked three times', async () => {
  status = 500;
  await expect(s3().get()).rejects.toThrow();
  expect(requests).toBe(3);
});

test('the hook before a request can hold it back for ever', async () => {
  status = 200;
  const dead = s3({ before: () => new Promise(() => {}) }).get();
  const first = await Promise.race([
    dead,
    new Promise((resolve) => setTimeout(resolve, 100, 'held')),
  ]);
  expect(first).toBe('held');
  expect(requests).toBe(0);
});

test('calls one after the other share a connection', async () => {
  status = 200;
  const client = s3();
  for (let count = 0; count < 3; count += 1) {
    await (await client.get()).Body?.transformToByteArray();
  }
  expect(requests).toBe(3);
  expect(sockets.size).toBe(1);
});
