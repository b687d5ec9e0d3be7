import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ErrorName, errorMessage, errorName } from '#shared/errors.ts';
import type { KeyFamily } from '#shared/key-algorithm.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { clientContexts } from './client-contexts.ts';
import { type Handshake, HandshakeRefused, presentedAt } from './handshake.ts';
import { fingerprintOf } from './identity.ts';
import { presentedNames } from './presented-names.ts';
import type { AddressResolver } from './resolver.ts';
import { serialOf } from './serial.ts';

export type ProbeQuestion = {
  readonly host: string;
  readonly port: number;
  /** Sent as SNI. */
  readonly servername: string;
  /** Asks as a client that can use only keys of that family; null for one that can use all. */
  readonly family: KeyFamily | null;
  /** Asked instead of the host's present addresses in DNS. */
  readonly addresses?: readonly string[];
  /** Asked from inside of the network where the place has a probe there, and not from outside. */
  readonly isInside?: true;
};

/** An answer that shows no certificate. */
type Silent = {
  readonly outcome: 'silent';
  readonly detail: string;
  /** It accepted the connection and ended it: it has nothing for this name, or for such a client. */
  readonly refused?: true;
  /** Why nobody could ask, where that has a name of its own. */
  readonly error?: ErrorName;
};

/** What one address showed in a handshake for one server name, before the certificate is read. */
export type Shown = { readonly address: string } & (
  | { readonly outcome: 'shown'; readonly certificate: X509Certificate }
  | Silent
);

/** The certificate that one address presents for one server name. */
export type ProbeAnswer = {
  readonly address: string;
  readonly servername: string;
  /** A function inside of the network asked. */
  readonly isInside?: true;
} & (
  | {
      readonly outcome: 'answered';
      /** For people; the fingerprint identifies the certificate, since the signer chooses the serial. */
      readonly serial: string;
      /** The digest of the DER, as in a version of the record. */
      readonly fingerprintSha256: string;
      readonly names: readonly string[];
      readonly notAfter: Date;
      /** True if no other certificate vouches for it. */
      readonly selfSigned?: true;
    }
  | Silent
);

export type Answered = Extract<ProbeAnswer, { outcome: 'answered' }>;

/** Asks every address of an endpoint. An address that cannot be asked counts as silent; only the deadline throws. */
export type Probe = (question: ProbeQuestion) => Promise<readonly ProbeAnswer[]>;

export type ProbeOptions = {
  readonly resolve: AddressResolver;
  /** The limit for one handshake. */
  readonly timeoutMs: number;
};

/**
 * Makes a TLS handshake with SNI. It does not judge the chain: the question is whether the endpoint presents exactly the
 * certificate that we put there, and has its key.
 */
export function tlsProbe(options: ProbeOptions): Probe {
  const shakeHands = handshakes(options);
  return async (question) => {
    const shown = await shakeHands(question);
    return shown.map((each) => answerOf(each, question));
  };
}

/** Makes the handshakes of a probe, and reads no certificate. Only the deadline throws. */
export function handshakes({
  resolve,
  timeoutMs,
}: ProbeOptions): (question: ProbeQuestion) => Promise<readonly Shown[]> {
  const contextFor = clientContexts();
  return async ({ host, port, servername, family, addresses }) => {
    const found = addresses ?? (await addressesOf(resolve, host));
    if (typeof found === 'string') return [{ address: host, outcome: 'silent', detail: found }];
    const secureContext = contextFor(family);
    return Promise.all(
      found.map((address) => shown({ address, port, servername, secureContext, timeoutMs })),
    );
  };
}

/** Returns the addresses, or the reason why there are none. */
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

async function shown(handshake: Handshake): Promise<Shown> {
  const { address } = handshake;
  try {
    return { address, outcome: 'shown', certificate: await presentedAt(handshake) };
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const refused = error instanceof HandshakeRefused;
    const detail = detailOf(refused ? error.cause : error);
    return { address, outcome: 'silent', detail, ...(refused && { refused }) };
  }
}

/** Reads what an address has shown. A certificate that cannot be read counts as silence. */
export function answerOf(
  shown: Shown,
  { servername }: Pick<ProbeQuestion, 'servername'>,
): ProbeAnswer {
  if (shown.outcome === 'silent') return { ...shown, servername };
  const { address, certificate } = shown;
  try {
    return {
      address,
      servername,
      outcome: 'answered',
      serial: serialOf(certificate.serialNumber),
      fingerprintSha256: fingerprintOf(certificate),
      names: presentedNames(certificate),
      notAfter: certificate.validToDate,
      ...(isSelfSigned(certificate) && { selfSigned: true }),
    };
  } catch (error) {
    return { address, servername, outcome: 'silent', detail: detailOf(error) };
  }
}

function detailOf(error: unknown): string {
  return `${errorName(error)}: ${errorMessage(error)}`.slice(0, 200);
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}
