import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { InvocationResult } from './invocation-result.ts';
import { failed } from './invoker.ts';

/** The answer to a process that asks for work. */
type Assignment = {
  readonly requestId: string;
  readonly functionArn: string;
  readonly event: unknown;
  /** Called when the process takes the work, since the function's time begins then. */
  readonly deadline: () => Date;
};

/** Lambda's runtime API for one process, which asks for work and answers here. */
export type RuntimeApi = {
  /** The value for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Assigns one invocation at a time. Never resolves if the process dies, which its owner notices. */
  assign(assignment: Assignment): Promise<InvocationResult>;
  /** Says whether the process waits for work. */
  asking(): boolean;
  /** Resolves when the process waits for work. */
  asks(): Promise<void>;
  close(): void;
};

type Pending = Assignment & { readonly resolve: (result: InvocationResult) => void };

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let asking: ServerResponse | null = null;
  let assigned: Pending | null = null;
  let heard: (() => void)[] = [];
  let initError: InvocationResult | null = null;

  function handOver(): void {
    if (!asking || !assigned) return;
    asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': assigned.requestId,
      'lambda-runtime-deadline-ms': String(assigned.deadline().getTime()),
      'lambda-runtime-invoked-function-arn': assigned.functionArn,
    });
    asking.end(JSON.stringify(assigned.event ?? null));
    asking = null;
  }

  function finish(result: InvocationResult): void {
    assigned?.resolve(result);
    assigned = null;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, action] = request.url?.match(/^\/2018-06-01\/runtime\/(?:invocation\/)?(.+)$/) ?? [];
    if (request.method === 'GET' && action === 'next') {
      asking = response;
      for (const tell of heard) tell();
      heard = [];
      return handOver();
    }
    const body = await text(request);
    if (action === 'init/error') {
      initError = errorResult(body);
      finish(initError);
    } else if (assigned && action === `${assigned.requestId}/response`) {
      finish({ ok: true, payload: JSON.parse(body) });
    } else if (assigned && action === `${assigned.requestId}/error`) {
      finish(errorResult(body));
    } else {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(202).end();
  }

  const server = createServer((request, response) => {
    // A process killed during an answer breaks the connection; its owner notices the exit.
    answer(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    assign(assignment) {
      if (initError) return Promise.resolve(initError);
      return new Promise((resolve) => {
        assigned = { ...assignment, resolve };
        handOver();
      });
    },
    asking: () => asking !== null,
    asks: () => (asking ? Promise.resolve() : new Promise((resolve) => heard.push(resolve))),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function errorResult(body: string): InvocationResult {
  const { errorType, errorMessage } = JSON.parse(body) as Record<string, string>;
  return failed(errorType ?? 'Error', errorMessage ?? '');
}
