import { createServer } from 'node:http';
import { errorMessage } from '#shared/errors.ts';
import { type Loopback, onLoopback } from './on-loopback.ts';
import type { Setting } from './setting.ts';

/** Does what `npx cdk deploy --all` does elsewhere: the cloud here has no CloudFormation that the CDK could ask. */
export function startDeployServer(setting: Pick<Setting, 'deployAgain'>): Promise<Loopback> {
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
  return onLoopback(server);
}
