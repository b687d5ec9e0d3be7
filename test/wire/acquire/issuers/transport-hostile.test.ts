import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { acmeTransport } from '#shared/issuers/acme/wire/transport.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import type { Received } from '#test/support/hostile-server.ts';
import { type TransportLab, transportTo } from '#test/support/transport-lab.ts';

let lab: TransportLab | undefined;
afterEach(() => lab?.server.close());

async function started(...args: Parameters<typeof transportTo>): Promise<TransportLab> {
  lab = await transportTo(...args);
  return lab;
}

const ok = (_request: Received, response: ServerResponse) => void response.end('{}');

describe('a server that', () => {
  test('redirects is not followed', async () => {
    const { transport, server, directoryUrl } = await started((_, response) => {
      response.writeHead(302, { location: 'https://metadata.internal/' }).end();
    });
    expect(await transport.send(directoryUrl)).toMatchObject({ status: 302 });
    expect(server.received).toHaveLength(1);
  });

  test('sends 100 MB is cut off', async () => {
    let sent = 0;
    const { transport, directoryUrl } = await started((_, response) => {
      const chunk = Buffer.alloc(1 << 20, 'x');
      const write = () => {
        while (sent < 100 && !response.destroyed) {
          sent += 1;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    await expect(transport.send(directoryUrl)).rejects.toMatchObject({
      name: 'IssuerAnswerInvalid',
      message: expect.stringContaining('1048576 bytes'),
    });
    expect(sent).toBeLessThan(100);
  });

  test('never answers is given up on', async () => {
    const { transport, directoryUrl } = await started(() => {}, { timeoutMs: 100 });
    await expect(transport.send(directoryUrl)).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      message: expect.stringContaining('no answer in time'),
    });
  });

  test('sends its answer byte by byte is given up on', async () => {
    const { transport, directoryUrl } = await started(
      (_, response) => {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      },
      { timeoutMs: 150 },
    );
    await expect(transport.send(directoryUrl)).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      message: expect.stringContaining('no answer in time'),
    });
  });

  test('hangs up in the middle of the answer is unreachable', async () => {
    const { transport, directoryUrl } = await started((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(transport.send(directoryUrl)).rejects.toMatchObject({ name: 'IssuerUnreachable' });
  });

  test('is not there, or not the one that is trusted, is unreachable', async () => {
    const { transport, server, directoryUrl, clock } = await started(ok, { caBundle: undefined });
    await expect(transport.send(directoryUrl)).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      message: expect.stringMatching(/certificate/),
    });
    const url = `${server.origin}/directory`;
    await server.close();
    const gone = acmeTransport({ directoryUrl: url, caBundle: server.rootPem, clock });
    await expect(gone.send(url)).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

test('the deadline of the caller ends a request, and is not blamed on the CA', async () => {
  const { transport, directoryUrl } = await started(() => {});
  const deadline = new AbortController();
  setTimeout(() => deadline.abort(new Error('the lease is over')), 50);
  await expect(withinDeadline(deadline.signal, () => transport.send(directoryUrl))).rejects.toThrow(
    'the lease is over',
  );
});
