import { expect, test } from 'vitest';
import { answerChallenge } from '#shared/solvers/alb-http01/answering/answer-challenge.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

const token = 'a-token-of-22-letters_';
const own = 'o'.repeat(43);
const host = 'www.example.com';
const whole = `${token}.${own}`;

async function asked(
  path: string,
  { httpMethod = 'GET', held = whole, headers = { host } as { host?: string } } = {},
) {
  const objects = fakeObjectStore();
  await objects.put(`challenges/http-01/${token}/${host}`, held, 'text/plain');
  const looked: string[] = [];
  const judged: string[] = [];
  const get = async (key: string) => {
    looked.push(key);
    return objects.get(key);
  };
  const isOurs = async (thumbprint: string) => {
    judged.push(thumbprint);
    return thumbprint === own;
  };
  const ports = { objects: { get }, thumbprints: { isOurs } };
  const answer = await answerChallenge(ports, { httpMethod, path, headers });
  return { answer, looked, judged };
}

const at = (rest: string) => `/.well-known/acme-challenge/${rest}`;

test('a token that is there is answered in the form of a load balancer', async () => {
  const { answer, looked } = await asked(at(token));
  expect(answer).toEqual({
    statusCode: 200,
    statusDescription: '200 OK',
    isBase64Encoded: false,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
    body: whole,
  });
  expect(looked).toEqual([`challenges/http-01/${token}/${host}`]);
});

test.each([
  ['', 'no token'],
  [`${token}/`, 'a slash'],
  ['../certificates/a-token-of-22', 'a way up'],
  ['a-token-of-22-l%65tters_', 'an escape'],
  [`${token}\n`, 'a line break'],
  ['a-tokén-of-22-letters-long', 'a letter of another script'],
  [token.slice(1), 'fewer than 128 bits'],
  ['x'.repeat(129), 'more than 128 characters'],
])('nothing is read for %o, which has %s', async (rest) => {
  const { answer, looked, judged } = await asked(at(rest));
  expect([answer.statusCode, answer.body, looked, judged]).toEqual([404, '', [], []]);
});

test('other paths and methods are not answered', async () => {
  expect((await asked(`/${token}`)).answer.statusCode).toBe(404);
  expect((await asked(at(token), { httpMethod: 'POST' })).answer.statusCode).toBe(404);
  expect((await asked(at(token), { httpMethod: 'HEAD' })).answer.statusCode).toBe(200);
});

test.each(['WWW.Example.COM', 'www.example.com:80', 'www.example.com.'])(
  'the host %o is the name of the object',
  async (written) => {
    const { answer } = await asked(at(token), { headers: { host: written } });
    expect(answer.statusCode).toBe(200);
  },
);

test('a host in Unicode is the name that certificates have', async () => {
  const { looked } = await asked(at(token), { headers: { host: 'bücher.example' } });
  expect(looked).toEqual([`challenges/http-01/${token}/xn--bcher-kva.example`]);
});

test.each([
  undefined,
  '',
  '203.0.113.7',
  '[2001:db8::1]:80',
  'a/b.example.com',
  '..',
  '%2e%2e',
  `${'a'.repeat(64)}.example.com`,
  `${'a.'.repeat(127)}example.com`,
])('nothing is read for %o, which is no name', async (written) => {
  const headers = written === undefined ? {} : { host: written };
  const { answer, looked } = await asked(at(token), { headers });
  expect([answer.statusCode, looked]).toEqual([404, []]);
});

test('the answer for another host is not shown', async () => {
  const { answer, judged } = await asked(at(token), { headers: { host: 'bank.example.com' } });
  expect([answer.statusCode, judged]).toEqual([404, []]);
});

test('an answer that proves control to somebody else’s account is not shown', async () => {
  const theirs = 't'.repeat(43);
  const { answer, judged } = await asked(at(token), { held: `${token}.${theirs}` });
  expect([answer.statusCode, answer.body, judged]).toEqual([404, '', [theirs]]);
});

test.each([`x${whole}`, token, `${token}.<script>`, `${whole}.b`, `${whole}\n`, ''])(
  'an object that holds %o is not shown, and its account is not looked up',
  async (held) => {
    const { answer, judged } = await asked(at(token), { held });
    expect([answer.statusCode, answer.body, judged]).toEqual([404, '', []]);
  },
);

test('a denied read counts as missing; any other failure is thrown', async () => {
  const failing = (name: string) => ({
    objects: {
      get: async () => {
        throw Object.assign(new Error('no'), { name });
      },
    },
    thumbprints: { isOurs: async () => true },
  });
  const request = { httpMethod: 'GET', path: at(token), headers: { host } };
  expect(await answerChallenge(failing('AccessDenied'), request)).toMatchObject({
    statusCode: 404,
  });
  await expect(answerChallenge(failing('SlowDown'), request)).rejects.toThrow('no');
});
