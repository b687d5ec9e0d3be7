import type {
  Listener,
  SetLoadBalancerListenerSSLCertificateCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import { addMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { type AcmCertificate, isExpired } from '../acm/certificate.ts';
import { type CertificateSource, knownCertificate } from '../elb-certificates.ts';
import { notImplemented } from '../not-implemented.ts';
import { timeline } from '../timeline.ts';
import { type ClassicListener, classicNamed, type ElbState } from './state.ts';

export function newListener(source: Source, input: Listener, call: Call): ClassicListener {
  const protocol = input.Protocol?.toUpperCase();
  if (protocol === 'TCP') throw notImplemented('CreateLoadBalancer', 'a TCP listener');
  if (protocol !== 'HTTP' && protocol !== 'HTTPS' && protocol !== 'SSL') {
    throw new AwsError('UnsupportedProtocolException', `Protocol '${protocol}' is not supported`);
  }
  const port = input.LoadBalancerPort ?? 0;
  if (port < 1 || port > 65_535) {
    throw new AwsError('ValidationError', `LoadBalancerPort '${port}' is not valid`);
  }
  return {
    protocol,
    port,
    instanceProtocol: input.InstanceProtocol ?? protocol,
    instancePort: input.InstancePort ?? 80,
    certificates: protocol === 'HTTP' ? null : firstCertificate(source, input, call),
  };
}

function firstCertificate(source: Source, input: Listener, call: Call) {
  if (!input.SSLCertificateId) {
    const message = 'Secure Listeners need to specify a SSLCertificateId';
    throw new AwsError('ValidationError', message);
  }
  const certificate = classicCertificate(source, input.SSLCertificateId, call);
  return timeline({ default: certificate, list: [] }, source.clock.now());
}

type Source = CertificateSource & Pick<ElbState, 'findInIam'>;

/**
 * From ACM, a Classic ELB accepts neither EC keys nor RSA of 4096 bits (classic/ssl-server-cert.html, which does not
 * mention 3072: refused as well), and from IAM all of these. The page does not name the error, so this uses the documented
 * one that fits.
 */
function classicCertificate(source: Source, arn: string | undefined, call: Call): AcmCertificate {
  const isOfIam = arn !== undefined && /^arn:[a-z-]+:iam::/.test(arn);
  const certificate = isOfIam
    ? serverCertificate(source, arn, call)
    : knownCertificate(source, arn, call);
  const material = certificate.material.latest();
  const isTaken = isOfIam || material.keyAlgorithm === 'RSA_2048';
  if (isTaken && !isExpired(material, source.clock.now())) return certificate;
  throw new AwsError(
    'InvalidConfigurationRequestException',
    `The certificate '${arn}' must have a supported key algorithm and size and be valid`,
  );
}

/** It is the same in every region. @throws AwsError CertificateNotFoundException, also for a while after its upload */
function serverCertificate(
  { clock, findInIam, certificateLagMs = 1_000 }: Source,
  arn: string,
  call: Call,
): AcmCertificate {
  const found = findInIam?.(arn) ?? null;
  const isKnown = found !== null && addMs(found.createdAt, certificateLagMs) <= clock.now();
  if (found && isKnown && found.account === call.account) return found;
  const message = `Server Certificate not found for the key: ${arn}`;
  throw new AwsError('CertificateNotFoundException', message);
}

export function setLoadBalancerListenerSslCertificate(
  state: ElbState,
  input: SetLoadBalancerListenerSSLCertificateCommandInput,
  call: Call,
) {
  const classic = classicNamed(state, input.LoadBalancerName, call);
  const listener = classic.listeners.find((each) => each.port === input.LoadBalancerPort);
  if (!listener) {
    const message = `There is no listener on port ${input.LoadBalancerPort} of '${classic.name}'`;
    throw new AwsError('ListenerNotFoundException', message);
  }
  if (!listener.certificates) {
    const message = `The listener on port ${listener.port} takes no certificate`;
    throw new AwsError('InvalidConfigurationRequestException', message);
  }
  const next = classicCertificate(state, input.SSLCertificateId, call);
  listener.certificates.set({ default: next, list: [] }, state.clock.now());
  return {};
}
