import { afterEach, expect, test } from 'vitest';
import { heartbeat } from '#shared/check/signs/heartbeat.ts';
import { errorMessage } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import { type PlainServer, startPlainServer } from '#test/support/plain-server.ts';

const opened: PlainServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

/** A dead-man service that answers with that status. */
async function service(status: number) {
  const requests: string[] = [];
  const server = await startPlainServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(status).end();
  });
  opened.push(server);
  return { requests, origin: server.origin };
}

const giving = (address: string) => heartbeat(async () => new Secret(address)).give();

test('the address of the secret is requested once', async () => {
  const { origin, requests } = await service(200);
  await giving(`${origin}/ping/0f1e-token\n`);
  expect(requests).toEqual(['GET /ping/0f1e-token']);
});

test.each([404, 500, 302])('an answer %i is not taken for a success', async (status) => {
  const { origin } = await service(status);
  await expect(giving(`${origin}/ping/token`)).rejects.toMatchObject({ name: 'HeartbeatNotTaken' });
});

test('a service that is gone says why, without the address', async () => {
  const { origin } = await service(200);
  for (const server of opened.splice(0)) await server.close();
  const error = await giving(`${origin}/ping/token`).catch((cause: unknown) => cause);
  expect(errorMessage(error)).toBe('it cannot be reached: ECONNREFUSED');
});

test.each([
  ['http://ping.example/token', 'the secret does not hold the address of a page, https://…'],
  ['token', 'the secret does not hold the address of a page, https://…'],
  ['', 'the secret does not hold the address of a page, https://…'],
  ['ftp://ping.example/token', 'the secret does not hold the address of a page, https://…'],
])('%j is no heartbeat, and no error shows it', async (address, message) => {
  const error = await giving(address).catch((cause: unknown) => cause);
  expect(errorMessage(error)).toBe(message);
  expect(JSON.stringify([String(error), Object(error).cause])).not.toContain('token');
});
