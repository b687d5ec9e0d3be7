import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { challengePath } from '#shared/solvers/alb-http01/answering/paths.ts';
import { askListener, type HttpGet } from '#shared/solvers/alb-http01/self-check.ts';
import { addMs } from '#shared/time/clock.ts';
import { fakeDns } from '#test/support/fake-dns.ts';

const value = { name: 'example.com', value: 'token.thumbprint' };
const wanted = { host: 'example.com', path: `${challengePath}token` };

describe('a listener answers', () => {
  const clock = virtualClock();
  const listener = { host: 'lb.test', port: 80, protocol: 'HTTP' };
  const dns = fakeDns({ 'lb.test': { A: ['192.0.2.1', '192.0.2.2'] } });

  async function asked(get: HttpGet, patienceMs = 120_000) {
    const start = clock.now();
    const waiting = { dns, clock, everyMs: 4_000, deadline: addMs(start, patienceMs) };
    const proof = await askListener(listener, [value], waiting, get);
    return { proof, seconds: (clock.now().getTime() - start.getTime()) / 1_000 };
  }

  const right = { status: 200, body: value.value };

  test('when every address has answered right three times in a row', async () => {
    let asks = 0;
    const hosts = new Set<string>();
    const { proof, seconds } = await asked(async ({ address, host, path }) => {
      asks += 1;
      hosts.add(`${host} ${path} ${address}`);
      return right;
    });
    expect([proof.kind, asks, seconds]).toEqual(['served', 6, 8]);
    expect(hosts.size).toBe(2);
    expect([...hosts][0]).toBe(`example.com ${wanted.path} 192.0.2.1`);
  });

  test('not before a node that is behind has caught up', async () => {
    let looks = 0;
    const { proof, seconds } = await asked(async ({ address }) => {
      if (address === '192.0.2.1') return right;
      looks += 1;
      return looks === 2 ? { status: 301, body: '' } : right;
    });
    expect([proof.kind, seconds]).toEqual(['served', 16]);
  });

  test.each<[string, HttpGet, object]>([
    [
      'something else',
      async () => ({ status: 200, body: 'a page' }),
      {
        kind: 'missing',
        what: expect.stringMatching(/192\.0\.2\.1:80 is answered with something else$/),
      },
    ],
    [
      'a redirect',
      async () => ({ status: 301, body: '' }),
      { kind: 'missing', what: expect.stringMatching(/with 301$/) },
    ],
    [
      'nothing at one of its addresses',
      async ({ address }) => {
        if (address === '192.0.2.1') return right;
        throw new Error('connect ECONNREFUSED');
      },
      {
        kind: 'silent',
        what: expect.stringMatching(/192\.0\.2\.2:80 is not answered: connect ECONNREFUSED$/),
      },
    ],
  ])('not within a minute with %s', async (_, get, expected) => {
    const { proof, seconds } = await asked(get);
    expect(proof).toEqual(expected);
    expect(seconds).toBe(60);
  });

  test('no longer than the run may wait', async () => {
    const { proof, seconds } = await asked(async () => ({ status: 301, body: '' }), 10_000);
    expect([proof.kind, seconds]).toEqual(['missing', 8]);
  });
});
