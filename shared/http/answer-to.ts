import type { ClientRequest, IncomingMessage } from 'node:http';

/** Sends a request without a body. Its answer has status and headers by then, and is still to be read. */
export function answerTo(asking: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asking.once('response', resolve);
    // Stays for errors after the answer, of which whoever reads it hears.
    asking.on('error', reject);
    asking.end();
  });
}
