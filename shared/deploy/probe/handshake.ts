import type { X509Certificate } from 'node:crypto';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type Handshake = {
  readonly address: string;
  readonly port: number;
  /** Sent as SNI. */
  readonly servername: string;
  readonly secureContext: SecureContext;
  readonly timeoutMs: number;
};

/** The other side accepted the connection and ended it without a certificate: it has none for this name, or this client. */
export class HandshakeRefused extends Error {}

/**
 * Returns the certificate that the server presents, once it has proved that it holds the key. A later refusal of the
 * client, for want of a client certificate (mutual TLS), changes nothing.
 * @throws HandshakeRefused, and any other error where nothing was learned
 */
export function presentedAt(to: Handshake): Promise<X509Certificate> {
  const deadline = deadlineSignal();
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: to.address,
      port: to.port,
      servername: to.servername,
      secureContext: to.secureContext,
      rejectUnauthorized: false,
    });
    let isThere = false;
    let hasGivenUp = false;
    const giveUp = (why: string) => {
      hasGivenUp = true;
      socket.destroy(new Error(why));
    };
    const timer = setTimeout(() => giveUp(`no handshake within ${to.timeoutMs} ms`), to.timeoutMs);
    const abort = () => giveUp('the run ends');
    deadline?.addEventListener('abort', abort, { once: true });
    const fail = (error: Error) =>
      reject(
        isThere && !hasGivenUp ? new HandshakeRefused(error.message, { cause: error }) : error,
      );
    socket.once('connect', () => {
      isThere = true;
    });
    // OpenSSL has a line for key logs as soon as the session keys are known. The line itself is never read.
    socket.on('keylog', () => {
      if (!hasShownItsKey(socket)) return;
      // A second call to node returns none.
      const certificate = socket.getPeerX509Certificate();
      if (certificate) resolve(certificate);
    });
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate) resolve(certificate);
      else reject(new Error('no certificate was presented'));
      socket.destroy();
    });
    // The listener stays for errors after the answer: a node may reset the connection that we close first.
    socket.on('error', fail);
    socket.once('close', () => {
      clearTimeout(timer);
      deadline?.removeEventListener('abort', abort);
      fail(new Error('the connection was closed before the handshake ended'));
    });
  });
}

/**
 * In TLS 1.2 the server speaks first: with an ephemeral key exchange it has signed with its key by now, and only its
 * refusal of the client may follow (RFC 5246 §7.4.3, §7.4.6). With a static key exchange it proves its key only at the very
 * end, and in TLS 1.3 before the client's turn, so that both are waited for.
 */
function hasShownItsKey(socket: TLSSocket): boolean {
  if (socket.getProtocol() !== 'TLSv1.2') return false;
  return /^TLS_(ECDHE|DHE)_/.test(socket.getCipher()?.standardName ?? '');
}
