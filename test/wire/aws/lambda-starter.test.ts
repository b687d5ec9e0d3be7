import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import { lambdaStarter } from '#shared/adapters/lambda-starter.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

let server: Server;
afterEach(() => server.close());

async function starterAt(answer: number) {
  const seen: { path: string; type: unknown; body: string }[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const type = request.headers['x-amz-invocation-type'];
      seen.push({ path: request.url ?? '', type, body });
      response.writeHead(answer, { 'x-amzn-errortype': 'TooManyRequestsException' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new LambdaClient({ ...localClientOptions({ endpoint }), maxAttempts: 1 });
  const functionNames = {
    issue: 'ck-issue',
    deploy: 'ck-deploy',
    verify: 'ck-verify',
    sync: 'ck-sync',
  };
  return { seen, starter: lambdaStarter({ client, functionNames }) };
}

test('the function of the work is started asynchronously, with the body of a message', async () => {
  const { seen, starter } = await starterAt(202);
  const work = { kind: 'deploy', certificate: 'shop', place: '123456789012/us-east-1' } as const;
  await starter.start(work);
  expect(seen).toEqual([
    {
      path: '/2015-03-31/functions/ck-deploy/invocations',
      type: 'Event',
      body: JSON.stringify(work),
    },
  ]);
});

test('sync is started for a region', async () => {
  const { seen, starter } = await starterAt(202);
  await starter.startSync('eu-west-1');
  expect(seen).toMatchObject([
    { path: '/2015-03-31/functions/ck-sync/invocations', body: '{"region":"eu-west-1"}' },
  ]);
});

test('a function that cannot be started is an error', async () => {
  const { starter } = await starterAt(429);
  await expect(starter.start({ kind: 'issue', certificate: 'shop' })).rejects.toMatchObject({
    name: 'ServiceThrottled',
  });
});
