import { answerChallenge } from '#shared/acquire/solvers/alb-http01/answer-challenge.ts';
import type { Fuzz } from '../fuzz.ts';
import { below, mutated, noise, oneOf } from '../mutate.ts';

const folder = '/.well-known/acme-challenge/';
const token = 'c2VjcmV0LW9mLXRoZS1jaGFsbGVuZ2U';
const pieces = [
  ...['..', '/', '%2e', '%2F', '\\', '\r\n', '\u0000', '%00', 'é', '\u{1f600}', '//', '.', '?a=b'],
  ...['#', ' ', '%', ';', '&', '=', '@', 'x'.repeat(130), token, `${token}.json`, 'http-01'],
];
const answer = `${token}.${'t'.repeat(43)}`;

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
    const request = { httpMethod: method, path, headers: { host: 'example.com' } };
    const { statusCode, body: said } = await answerChallenge({ get }, request);
    const isOdd = asked.some((key) => !/^challenges\/http-01\/[\w-]{1,128}(\.json)?$/.test(key));
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
