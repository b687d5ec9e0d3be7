import { addMs, type Clock } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { AcmCertificate } from '../acm/certificate.ts';

/** A certificate and key in IAM: its content never changes, and its name is unique in the account whatever its path. */
export type ServerCertificate = {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  /** The certificate that a load balancer serves. */
  readonly served: AcmCertificate;
  readonly tags: ReadonlyMap<string, string>;
};

export type ServerCertificatesState = {
  readonly clock: Clock;
  /** ARNs of the resources known at `time` to use the certificate. */
  readonly inUseBy: (arn: string, time: Date) => readonly string[];
  /** The time until reads show an upload or a deletion. */
  readonly lagMs: number;
  /** The time for which a certificate that a listener has left counts as used. */
  readonly inUseByLagMs: number;
  /** The quota of an account. */
  readonly maxCertificates: number;
  /** The certificates of all accounts by their ARN. */
  readonly held: Map<string, ServerCertificate>;
};

export function certificatesIn(
  state: ServerCertificatesState,
  { account }: Pick<Call, 'account'>,
): readonly ServerCertificate[] {
  return [...state.held.values()].filter(({ served }) => served.account === account);
}

/** "Names of server certificates are not case sensitive" only when they are made (id_credentials_server-certs.html). */
export function namedAlike(
  state: ServerCertificatesState,
  name: string,
  call: Pick<Call, 'account'>,
): ServerCertificate | undefined {
  const wanted = name.toLowerCase();
  return certificatesIn(state, call).find((each) => each.name.toLowerCase() === wanted);
}

/** Reads are eventually consistent: "it takes time for a change to replicate" (troubleshoot_general.html). */
export function isShown(state: ServerCertificatesState, { served }: ServerCertificate): boolean {
  return addMs(served.createdAt, state.lagMs) <= state.clock.now();
}

/** @throws AwsError NoSuchEntity */
export function shownCertificate(
  state: ServerCertificatesState,
  name: string | undefined,
  call: Call,
): ServerCertificate {
  const found = certificatesIn(state, call).find((each) => each.name === name);
  if (found && isShown(state, found)) return found;
  throw noSuchEntity(name);
}

function noSuchEntity(name: string | undefined): AwsError {
  const message = `The Server Certificate with name ${name} cannot be found.`;
  return new AwsError('NoSuchEntity', message, 404);
}
