import { randomUUID } from 'node:crypto';
import { addMs, type Clock } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { timeline } from '../timeline.ts';
import type { AcmCertificate } from './certificate.ts';
import type { ImportMeter } from './limits.ts';
import type { CertificateMaterial } from './material.ts';

export type AcmState = {
  readonly clock: Clock;
  /** ARNs of the resources known at `time` to use the certificate. */
  readonly inUseBy: (certificateArn: string, time: Date) => readonly string[];
  /** The time until ListCertificates shows a new certificate. */
  readonly listLagMs: number;
  /** The delay of InUseBy after a change of a listener. */
  readonly inUseByLagMs: number;
  readonly meter: ImportMeter;
  /** The certificates of all accounts and regions by their ARN. */
  readonly held: Map<string, AcmCertificate>;
};

const arnPattern = /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/;

export function certificatesOf(state: AcmState, { account, region }: Place): AcmCertificate[] {
  return [...state.held.values()].filter(
    (each) => each.account === account && each.region === region,
  );
}

export function certificateOf(
  state: AcmState,
  arn: string | undefined,
  call: Call,
): AcmCertificate {
  if (!arn || !arnPattern.test(arn)) {
    throw new AwsError('InvalidArnException', `The ARN '${arn}' is not valid.`);
  }
  const certificate = state.held.get(arn);
  if (certificate && certificate.account === call.account && certificate.region === call.region) {
    return certificate;
  }
  const message = `Could not find certificate ${arn} in account ${call.account}.`;
  throw new AwsError('ResourceNotFoundException', message);
}

/** The users of a certificate that ACM knows of by now. */
export function usersOf(state: AcmState, { arn }: AcmCertificate): readonly string[] {
  return state.inUseBy(arn, addMs(state.clock.now(), -state.inUseByLagMs));
}

export function addCertificate(
  state: AcmState,
  place: Place,
  type: AcmCertificate['type'],
  material: CertificateMaterial,
): AcmCertificate {
  const now = state.clock.now();
  const { region, account } = place;
  const arn = arnOf('acm', place, `certificate/${randomUUID()}`);
  const times = { createdAt: now, importedAt: now, material: timeline(material, now) };
  const certificate = { arn, type, region, account, ...times, tags: new Map() };
  state.held.set(arn, certificate);
  return certificate;
}
