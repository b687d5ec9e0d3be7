import { expect, test } from 'vitest';
import { answerChallenge } from '#shared/acquire/solvers/alb-http01/answer-challenge.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

async function asked(path: string, { httpMethod = 'GET', held = 'token.thumbprint' } = {}) {
  const objects = fakeObjectStore();
  await objects.put('challenges/http-01/token', held, 'text/plain');
  const looked: string[] = [];
  const get = async (key: string) => {
    looked.push(key);
    return objects.get(key);
  };
  return { answer: await answerChallenge({ get }, { httpMethod, path }), looked };
}

const at = (rest: string) => `/.well-known/acme-challenge/${rest}`;

test('a token that is there is answered in the form of a load balancer', async () => {
  const { answer, looked } = await asked(at('token'));
  expect(answer).toEqual({
    statusCode: 200,
    statusDescription: '200 OK',
    isBase64Encoded: false,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
    body: 'token.thumbprint',
  });
  expect(looked).toEqual(['challenges/http-01/token']);
});

test.each([
  ['', 'no token'],
  ['token/', 'a slash'],
  ['../token', 'a way up'],
  ['tok%65n', 'an escape'],
  ['token\n', 'a line break'],
  ['tokén', 'a letter of another script'],
  ['x'.repeat(129), 'more than 128 characters'],
])('%o has %s: nothing is looked for', async (rest) => {
  const { answer, looked } = await asked(at(rest));
  expect([answer.statusCode, answer.body, looked]).toEqual([404, '', []]);
});

test('other paths and methods are not answered', async () => {
  expect((await asked('/token')).answer.statusCode).toBe(404);
  expect((await asked(at('token'), { httpMethod: 'POST' })).answer.statusCode).toBe(404);
  expect((await asked(at('token'), { httpMethod: 'HEAD' })).answer.statusCode).toBe(200);
});

test.each(['other.thumbprint', 'token', 'token.<script>', 'token.a.b', ''])(
  'an object that holds %o is not shown',
  async (held) => {
    expect((await asked(at('token'), { held })).answer).toMatchObject({
      statusCode: 404,
      body: '',
    });
  },
);

test('what may not be read is not there; any other failure is one', async () => {
  const failing = (name: string) => ({
    get: async () => {
      throw Object.assign(new Error('no'), { name });
    },
  });
  const request = { httpMethod: 'GET', path: at('token') };
  expect(await answerChallenge(failing('AccessDenied'), request)).toMatchObject({
    statusCode: 404,
  });
  await expect(answerChallenge(failing('SlowDown'), request)).rejects.toThrow('no');
});
