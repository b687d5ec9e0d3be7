import type { Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askEndpoint, askNames } from '#shared/deploy/probe/ask.ts';
import { type Probe, type ProbeQuestion, tlsProbe } from '#shared/deploy/probe/probe.ts';
import { deployStage } from '#test/support/deploy-stage.ts';
import { keyPairs, serving, tlsServer } from '#test/support/tls-server.ts';

const names = Array.from({ length: 30 }, (_, index) => `n${index}.example.com`);
const endpoint = { host: 'lb.example', port: 443 };
const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

/** An endpoint of so many addresses, the first of which may be out of reach; counts handshakes. */
function counted(addresses: number, isFirstDead = false) {
  const all = Array.from({ length: addresses }, (_, index) => `192.0.2.${index}`);
  const questions: ProbeQuestion[] = [];
  let [now, most, made] = [0, 0, 0];
  const probe: Probe = async (question) => {
    questions.push(question);
    const asked = question.addresses ?? all;
    now += asked.length;
    made += asked.length;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= asked.length;
    return asked.map((address) => {
      const at = { address, servername: question.servername };
      if (isFirstDead && address === all[0])
        return { ...at, outcome: 'silent', detail: 'ETIMEDOUT' };
      const known = { serial: '01', fingerprintSha256: '01' };
      return { ...at, outcome: 'answered', ...known, names: [], notAfter: new Date(0) };
    });
  };
  return { probe, questions, most: () => most, made: () => made };
}

test.each([1, 3, 8])('no more than eight handshakes run at once (%s addresses)', async (count) => {
  const { probe, most, made, questions } = counted(count);
  const answers = await askNames(probe, endpoint, { servernames: names, family: 'rsa' });
  expect(answers).toHaveLength(30 * count);
  expect(made()).toBe(30 * count);
  expect(most()).toBeLessThanOrEqual(8);
  expect(questions.filter(({ addresses }) => !addresses)).toHaveLength(1);
});

test('an address that does not answer to a name is not waited for with every other one', async () => {
  const { probe, made } = counted(3, true);
  const answers = await askNames(probe, endpoint, { servernames: names, family: 'rsa' });
  expect(made()).toBe(3 + 29 * 2);
  expect(answers.filter(({ outcome }) => outcome === 'silent')).toHaveLength(1);
});

test('before a change, an endpoint without a certificate of the new family shows the one that it has', async () => {
  const { rsa, ecdsa } = await keyPairs();
  const probe = tlsProbe({ resolve: async () => [], timeoutMs: 500 });
  for (const [there, served] of [
    [serving(ecdsa), ecdsa],
    [serving(rsa), rsa],
    [serving(rsa, ecdsa), rsa],
  ] as const) {
    const server = await tlsServer(there);
    opened.push(server);
    const version = { names: ['shop.example.com'], keyAlgorithm: 'rsa-2048' } as const;
    const answers = await askEndpoint(probe, { host: '127.0.0.1', port: server.port }, version);
    expect(answers).toMatchObject([{ outcome: 'answered', serial: served.serial }]);
  }
});

test.each([
  ['rsa-2048', 'rsa'],
  ['ecdsa-p384', 'ecdsa'],
] as const)(
  'deploy and verify ask about a certificate of %s as clients of its family',
  async (keyAlgorithm, family) => {
    const stage = deployStage();
    const { probe } = stage.ports;
    const asked: unknown[] = [];
    Object.assign(stage.ports, {
      async probe(question: ProbeQuestion) {
        asked.push(question.family);
        return probe(question);
      },
    });
    await stage.issue('v1', { keyAlgorithm });
    await stage.deploy();
    await stage.verify();
    expect(asked).toEqual([family, family]);
  },
);
