import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { userAgent } from '#shared/http/user-agent.ts';
import { minuteMs } from '#shared/time/clock.ts';
import type { Received } from '#test/support/hostile-server.ts';
import { type TransportLab, transportTo } from '#test/support/transport-lab.ts';
import packageJson from '../../../../package.json' with { type: 'json' };

let lab: TransportLab | undefined;
afterEach(() => lab?.server.close());

async function started(...args: Parameters<typeof transportTo>): Promise<TransportLab> {
  lab = await transportTo(...args);
  return lab;
}

const ok = (_request: Received, response: ServerResponse) => void response.end('{}');

describe('a request', () => {
  test('names certkeep, and its content type only with a body', async () => {
    const { transport, server, directoryUrl } = await started(ok);
    await transport.send(directoryUrl);
    await transport.send(directoryUrl, '{}');
    const [get, post] = server.received;
    expect(get).toMatchObject({ method: 'GET', headers: { 'user-agent': userAgent } });
    expect(get?.headers['content-type']).toBeUndefined();
    expect(post).toMatchObject({
      method: 'POST',
      headers: { 'user-agent': userAgent, 'content-type': 'application/jose+json' },
    });
    expect(userAgent).toBe(`certkeep/${packageJson.version}`);
  });

  test('reuses one connection, but none that idled as long as a frozen function', async () => {
    const { transport, server, directoryUrl, clock } = await started(ok);
    await transport.send(directoryUrl);
    await transport.send(directoryUrl, '{}');
    clock.advance(5 * minuteMs);
    await transport.send(directoryUrl);
    const [first, second, third] = server.received.map(({ clientPort }) => clientPort);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('is repeated when the kept connection turns out to be closed', async () => {
    const { transport, server, directoryUrl } = await started((request, response) => {
      const seenBefore = request.clientPort === server.received[0]?.clientPort;
      if (seenBefore && server.received.length > 1) response.socket?.destroy();
      else response.end('{}');
    });
    await transport.send(directoryUrl);
    expect(await transport.send(directoryUrl, 'again')).toMatchObject({ status: 200 });
    expect(server.received).toHaveLength(3);
  });

  test('is repeated once where a new connection breaks, unless it has a body', async () => {
    const { transport, server, directoryUrl } = await started((_, response) => {
      if (server.received.length % 2 === 1) response.socket?.destroy();
      else response.end('{}');
    });
    expect(await transport.send(directoryUrl)).toMatchObject({ status: 200 });
    expect(server.received).toHaveLength(2);
    const {
      transport: other,
      server: broken,
      directoryUrl: url,
    } = await transportTo((_, response) => void response.socket?.destroy());
    const refused = { name: 'IssuerUnreachable' };
    await expect(other.send(url, '{}')).rejects.toMatchObject(refused);
    expect(broken.received).toHaveLength(1);
    await expect(other.send(url)).rejects.toMatchObject(refused);
    expect(broken.received).toHaveLength(3);
    await broken.close();
  });

  test.each([
    'https://127.0.0.1:1/elsewhere',
    'https://metadata.internal/latest',
    'http://127.0.0.1/plain',
    'file:///etc/passwd',
    'nothing',
    '',
  ])('to %o, which is not on the host of the directory, is not sent', async (url) => {
    const { transport } = await started(ok);
    await expect(transport.send(url)).rejects.toMatchObject({ name: 'IssuerAnswerInvalid' });
  });
});
