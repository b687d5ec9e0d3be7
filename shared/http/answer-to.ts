import type { ClientRequest, IncomingMessage } from 'node:http';

/** Sends a request without a body. Resolves with status and headers; the caller reads the body. */
export function answerTo(asking: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asking.once('response', resolve);
    // It stays for errors after the headers, which the reader of the body receives as well.
    asking.on('error', reject);
    asking.end();
  });
}
