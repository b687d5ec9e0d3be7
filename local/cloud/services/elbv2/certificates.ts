import type {
  AddListenerCertificatesCommandInput,
  Certificate,
  DescribeListenerCertificatesCommandInput,
  RemoveListenerCertificatesCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { type AcmCertificate, isExpired } from '../acm/certificate.ts';
import { hasDomain } from '../acm/material.ts';
import { type CertificateSource, knownCertificate } from '../elb-certificates.ts';
import { pageOf } from '../pages.ts';
import {
  type BalancerType,
  type Elbv2State,
  type KnownListener,
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
  const { type } = listener.balancer;
  const added = usableCertificate(state, onlyOne(input.Certificates), { type, call });
  const bound = certificates.latest();
  if (!bound.list.includes(added)) {
    const next = { ...bound, list: [...bound.list, added] };
    checkRoom(listener, { before: bound, after: next }, state.maxCertificates);
    certificates.set(next, state.clock.now());
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
 * Besides all of ACM's ECDSA keys, an application load balancer accepts RSA keys of 2048 to 4096 bits
 * (https-listener-certificates.html), and a network load balancer those of 1024 to 3072 (tls-listener-certificates.html).
 */
const refusedKeys: Readonly<Record<BalancerType, string>> = {
  application: 'RSA_1024',
  network: 'RSA_4096',
};

/** The SDK's model lacks the error code. */
export function usableCertificate(
  source: CertificateSource,
  arn: string,
  { type, call }: { readonly type: BalancerType; readonly call: Call },
): AcmCertificate {
  const certificate = knownCertificate(source, arn, call);
  const material = certificate.material.latest();
  const isUsable =
    material.keyAlgorithm !== refusedKeys[type] &&
    hasDomain(material) &&
    !isExpired(material, source.clock.now());
  if (isUsable) return certificate;
  throw new AwsError(
    'UnsupportedCertificate',
    `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
  );
}

function tlsOf({ tls, arn }: KnownListener): NonNullable<KnownListener['tls']> {
  if (tls) return tls;
  throw validationError(`The protocol of listener '${arn}' takes no certificates`);
}

/**
 * The quota counts what all listeners of the balancer have; "not counting default certificates" says only the page of
 * application load balancers. What holds too much already may change, if it then holds no
 * more.
 */
export function checkRoom(
  { arn, balancer }: Pick<KnownListener, 'arn' | 'balancer'>,
  {
    before,
    after,
  }: { readonly before: ListenerCertificates | null; readonly after: ListenerCertificates },
  max: number,
): void {
  const counted = (held: ListenerCertificates) =>
    balancer.type === 'network'
      ? new Set([held.default, ...held.list]).size
      : held.list.filter((each) => each !== held.default).length;
  const others = [...balancer.listeners.values()].flatMap((each) =>
    each.tls && each.arn !== arn ? [counted(each.tls.certificates.latest())] : [],
  );
  const wanted = counted(after);
  const isMore = before === null || wanted > counted(before);
  if (!isMore || others.reduce((sum, count) => sum + count, wanted) <= max) return;
  throw new AwsError(
    'TooManyCertificatesException',
    `The maximum number of certificates on load balancer '${balancer.arn}' has been reached`,
  );
}
