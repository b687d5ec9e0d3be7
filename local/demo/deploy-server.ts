import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorMessage } from '#shared/errors.ts';
import type { Setting } from './setting.ts';

/** Does what `npx cdk deploy --all` does elsewhere: the cloud here has no CloudFormation that the CDK could ask. */
export async function startDeployServer(
  setting: Pick<Setting, 'deployAgain'>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const deployed = turn.then(() => setting.deployAgain());
    turn = deployed.catch(() => undefined);
    deployed.then(
      (said) => response.end(`${said}\n`),
      (error) => response.writeHead(400).end(`${errorMessage(error)}\n`),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
