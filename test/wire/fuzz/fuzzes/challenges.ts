import { answerChallenge } from '#shared/solvers/alb-http01/answering/answer-challenge.ts';
import type { Fuzz } from '../fuzz.ts';
import { below, mutated, noise, oneOf } from '../mutate.ts';

const folder = '/.well-known/acme-challenge/';
const token = 'c2VjcmV0LW9mLXRoZS1jaGFsbGVuZ2U';
const pieces = [
  ...['..', '/', '%2e', '%2F', '\\', '\r\n', '\u0000', '%00', 'é', '\u{1f600}', '//', '.', '?a=b'],
  ...['#', ' ', '%', ';', '&', '=', '@', 'x'.repeat(130), token, `${token}.json`, 'http-01'],
];
const answer = `${token}.${'t'.repeat(43)}`;

/** A token and a name, and nothing that leads elsewhere. */
const ownKey = /^challenges\/http-01\/[\w-]{22,128}\/[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

const hosts: readonly ((random: () => number) => string)[] = [
  () => 'example.com',
  () => 'Example.COM:80',
  () => 'b\u00fccher.example',
  (random) => mutated(Buffer.from('www.example.com:8080'), random).toString('latin1'),
  (random) => Array.from({ length: below(random, 4) }, () => oneOf(random, pieces)).join(''),
];

/** Strangers ask for what they like, and objects hold what nobody wrote. */
export const challengePaths: Fuzz = {
  name: 'http-01',
  usual: 200_000,
  fixed: 1_000,
  start: async () => async (random) => {
    const path = pathOf(random);
    const body = oneOf(random, [
      () => Buffer.from(answer),
      () => mutated(Buffer.from(answer), random),
      () => noise(random, below(random, 300)),
      () => Buffer.from(`${answer}\r\nset-cookie: x`),
    ])();
    const asked: string[] = [];
    const get = async (key: string) => {
      asked.push(key);
      return random() < 0.9 ? { body, etag: '"e"' } : null;
    };
    const method = oneOf(random, ['GET', 'GET', 'GET', 'HEAD', 'POST', '']);
    const host = oneOf(random, hosts)(random);
    const request = { httpMethod: method, path, headers: { host } };
    // Every thumbprint counts as ours, so that nothing but the object decides.
    const ports = { objects: { get }, thumbprints: { isOurs: async () => true } };
    const { statusCode, body: said } = await answerChallenge(ports, request);
    const isOdd = asked.some((key) => !ownKey.test(key));
    if (isOdd) throw new Error(`asked for ${JSON.stringify(asked)}`);
    if (said !== '' && !/^[\w-]{1,128}\.[\w-]{1,128}$/.test(said)) throw new Error(`said ${said}`);
    return `${statusCode}${asked.length > 0 ? ', an object was read' : ''}`;
  },
};

function pathOf(random: () => number): string {
  const draw = random();
  if (draw < 0.2) return `${folder}${token}`;
  if (draw < 0.5) return mutated(Buffer.from(`${folder}${token}`), random).toString('latin1');
  const count = below(random, 6);
  const tail = Array.from({ length: count }, () => oneOf(random, pieces)).join('');
  return draw < 0.9 ? `${folder}${tail}` : tail;
}
