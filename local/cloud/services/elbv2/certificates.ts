import type {
  AddListenerCertificatesCommandInput,
  Certificate,
  DescribeListenerCertificatesCommandInput,
  RemoveListenerCertificatesCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, type Call } from '../../wire/service.ts';
import { type AcmCertificate, isExpired } from '../acm/certificate.ts';
import { hasDomain } from '../acm/material.ts';
import { type CertificateSource, knownCertificate } from '../elb-certificates.ts';
import { pageOf } from '../pages.ts';
import {
  type Alb,
  type AlbListener,
  type Elbv2State,
  listenerAt,
  validationError,
} from './state.ts';

export function addListenerCertificates(
  state: Elbv2State,
  input: AddListenerCertificatesCommandInput,
  call: Call,
) {
  const listener = listenerAt(state, input.ListenerArn, call);
  const { certificates } = tlsOf(listener);
  const added = usableCertificate(state, onlyOne(input.Certificates), call);
  const bound = certificates.latest();
  if (!bound.list.includes(added)) {
    if (added !== bound.default) checkRoom(listener.balancer, state.maxCertificates);
    const list = [...bound.list, added];
    certificates.set({ ...bound, list }, state.clock.now());
  }
  return { Certificates: [{ CertificateArn: added.arn, IsDefault: false }] };
}

export function removeListenerCertificates(
  state: Elbv2State,
  input: RemoveListenerCertificatesCommandInput,
  call: Call,
) {
  const { certificates } = tlsOf(listenerAt(state, input.ListenerArn, call));
  const arn = onlyOne(input.Certificates);
  const bound = certificates.latest();
  // This holds also where the default is in the list (hashicorp/terraform-provider-aws issue 19495).
  if (arn === bound.default.arn) {
    throw new AwsError('OperationNotPermittedException', 'Default certificate cannot be removed');
  }
  // The model of this operation lacks this error, but AWS answers it (the same tracker, issue 35403).
  if (!bound.list.some((each) => each.arn === arn)) {
    throw new AwsError('CertificateNotFoundException', `Certificate '${arn}' not found`);
  }
  const list = bound.list.filter((each) => each.arn !== arn);
  certificates.set({ ...bound, list }, state.clock.now());
  return {};
}

/** The default comes first, and again where it is in the list. */
export function describeListenerCertificates(
  state: Elbv2State,
  input: DescribeListenerCertificatesCommandInput,
  call: Call,
) {
  const { tls } = listenerAt(state, input.ListenerArn, call);
  const bound = tls?.certificates.latest();
  const all = bound
    ? [
        { CertificateArn: bound.default.arn, IsDefault: true },
        ...bound.list.map(({ arn }) => ({ CertificateArn: arn, IsDefault: false })),
      ]
    : [];
  const asked = { token: input.Marker, size: input.PageSize ?? 400 };
  const page = pageOf(all, asked, (each) => `${each.IsDefault} ${each.CertificateArn}`);
  if (!page) throw validationError('The marker is not valid');
  return { Certificates: page.items, ...(page.next && { NextMarker: page.next }) };
}

/** The ARN of the one certificate that CreateListener, ModifyListener and the list accept per call. */
export function onlyOne(certificates: readonly Certificate[] | undefined): string {
  const [certificate, ...others] = certificates ?? [];
  if (!certificate?.CertificateArn) throw validationError('A certificate must be specified');
  if (others.length > 0) throw validationError('You can specify only one certificate per call');
  if (certificate.IsDefault !== undefined) {
    throw validationError('You cannot set the isDefault parameter for a certificate.');
  }
  return certificate.CertificateArn;
}

/**
 * An application load balancer accepts RSA keys of 2048 to 4096 bits and all of ACM's ECDSA keys
 * (https-listener-certificates.html). The SDK's model lacks the error code.
 */
export function usableCertificate(
  source: CertificateSource,
  arn: string,
  call: Call,
): AcmCertificate {
  const certificate = knownCertificate(source, arn, call);
  const material = certificate.material.latest();
  const isUsable =
    material.keyAlgorithm !== 'RSA_1024' &&
    hasDomain(material) &&
    !isExpired(material, source.clock.now());
  if (isUsable) return certificate;
  throw new AwsError(
    'UnsupportedCertificate',
    `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
  );
}

function tlsOf({ tls, arn }: AlbListener): NonNullable<AlbListener['tls']> {
  if (tls) return tls;
  throw validationError(`The protocol of listener '${arn}' takes no certificates`);
}

/** The quota counts the SNI lists of all listeners of the balancer, without their defaults. */
function checkRoom(balancer: Alb, max: number): void {
  const held = [...balancer.listeners.values()].flatMap(({ tls }) => {
    const bound = tls?.certificates.latest();
    return bound ? bound.list.filter((each) => each !== bound.default) : [];
  });
  if (held.length < max) return;
  throw new AwsError(
    'TooManyCertificatesException',
    `The maximum number of certificates on load balancer '${balancer.arn}' has been reached`,
  );
}
