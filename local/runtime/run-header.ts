import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';

/**
 * Says of a request which run made it, by its request id: under the name that Lambda's runtime API has for the id.
 * The runtime adds it to whatever a function sends, as bootstrap.mjs does in a process; functions know nothing of it.
 */
const runHeader = 'lambda-runtime-aws-request-id';

const present = new AsyncLocalStorage<string>();

subscribe('http.client.request.created', (message) => {
  const { request } = message as { readonly request: ClientRequest };
  const run = present.getStore();
  // A request that waits for "100 Continue" has its headers already.
  if (run && !request.headersSent) request.setHeader(runHeader, run);
});

/** Marks what is requested by `act`, and by whatever it starts, as that run's. */
export function asRun<T>(requestId: string, act: () => T): T {
  return present.run(requestId, act);
}

/** Null where no run made the request: a person, a test, or a service of the cloud itself. */
export function runOf(
  headers: IncomingHttpHeaders | Readonly<Record<string, string>>,
): string | null {
  const run = headers[runHeader];
  return typeof run === 'string' ? run : null;
}
