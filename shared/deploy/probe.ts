import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { deadlineSignal } from '#shared/deadline.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { KeyFamily } from '#shared/key-algorithm.ts';
import type { AddressResolver } from './resolver.ts';
import { serialOf } from './serial.ts';

export type ProbeQuestion = {
  readonly host: string;
  readonly port: number;
  /** Sent as SNI. */
  readonly servername: string;
  readonly family?: KeyFamily | null;
};

/** What one address presents for one server name. */
export type ProbeAnswer = { readonly address: string; readonly servername: string } & (
  | {
      readonly outcome: 'answered';
      readonly serial: string;
      readonly names: readonly string[];
      readonly notAfter: Date;
      /** Of nobody's but its own word. */
      readonly selfSigned?: true;
    }
  | { readonly outcome: 'silent'; readonly detail: string }
);

/** Asks every address of an endpoint. What cannot be asked is silent; only the deadline throws. */
export type Probe = (question: ProbeQuestion) => Promise<readonly ProbeAnswer[]>;

/**
 * A TLS handshake with SNI. The chain is not judged here: the question is whether the endpoint presents
 * the certificate we put there, and its serial says so whoever signed it.
 */
export function tlsProbe(options: {
  readonly resolve: AddressResolver;
  /** Of one handshake. */
  readonly timeoutMs: number;
}): Probe {
  // One for each handshake would cost a sixth of it.
  const secureContext = createSecureContext();
  const { resolve, timeoutMs } = options;
  return async (question) => {
    const { host, servername } = question;
    const found = await addressesOf(resolve, host);
    if (typeof found === 'string') {
      return [{ address: host, servername, outcome: 'silent', detail: found }];
    }
    return Promise.all(
      found.map((address) => ask({ ...question, address, secureContext, timeoutMs })),
    );
  };
}

/** The addresses, or why there are none. */
async function addressesOf(
  resolve: AddressResolver,
  host: string,
): Promise<readonly string[] | string> {
  deadlineSignal()?.throwIfAborted();
  try {
    const addresses = isIP(host) ? [host] : await resolve(host);
    return addresses.length > 0 ? addresses : `${host} has no address`;
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    return `${host} cannot be resolved: ${errorName(error)}`;
  }
}

type Asked = Omit<ProbeQuestion, 'host'> & {
  readonly address: string;
  readonly secureContext: SecureContext;
  readonly timeoutMs: number;
};

async function ask(asked: Asked): Promise<ProbeAnswer> {
  const { address, servername } = asked;
  try {
    const certificate = await presented(asked);
    return {
      address,
      servername,
      outcome: 'answered',
      serial: serialOf(certificate.serialNumber),
      names: dnsNames(certificate),
      notAfter: certificate.validToDate,
      ...(isSelfSigned(certificate) && { selfSigned: true }),
    };
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const detail = `${errorName(error)}: ${errorMessage(error)}`.slice(0, 200);
    return { address, servername, outcome: 'silent', detail };
  }
}

function presented(to: Asked): Promise<X509Certificate> {
  const deadline = deadlineSignal();
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: to.address,
      port: to.port,
      servername: to.servername,
      secureContext: to.secureContext,
      rejectUnauthorized: false,
    });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no handshake within ${to.timeoutMs} ms`)),
      to.timeoutMs,
    );
    const abort = () => socket.destroy(new Error('the run ends'));
    deadline?.addEventListener('abort', abort, { once: true });
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate) resolve(certificate);
      socket.destroy(certificate ? undefined : new Error('no certificate was presented'));
    });
    // Stays for errors after the answer: a node may reset what we close first.
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      deadline?.removeEventListener('abort', abort);
      reject(new Error('the connection was closed before the handshake ended'));
    });
  });
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

function dnsNames(certificate: X509Certificate): readonly string[] {
  return [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(
    ([, name]) => name as string,
  );
}
