import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';

/**
 * Names the run that makes a request, by its request id; Lambda's runtime API uses the same header. The runtime adds it to
 * every request of a function, and bootstrap.mjs does so in a process; functions do not know it.
 */
const runHeader = 'lambda-runtime-aws-request-id';

const present = new AsyncLocalStorage<string>();

subscribe('http.client.request.created', (message) => {
  const { request } = message as { readonly request: ClientRequest };
  const run = present.getStore();
  // The headers of a request that waits for "100 Continue" have been sent.
  if (run && !request.headersSent) request.setHeader(runHeader, run);
});

/** Marks every request of `act`, and of everything it starts, as that run's. */
export function asRun<T>(requestId: string, act: () => T): T {
  return present.run(requestId, act);
}

/** Null where no run made the request, but a person, a test, or a service of the cloud itself. */
export function runOf(
  headers: IncomingHttpHeaders | Readonly<Record<string, string>>,
): string | null {
  const run = headers[runHeader];
  return typeof run === 'string' ? run : null;
}
