import { X509Certificate } from 'node:crypto';
import { imported } from 'local-cloud/kit/clouds/certificates.ts';
import { clientsOf } from 'local-cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, homeRegion, uniqueName } from 'local-cloud/kit/clouds/cloud.ts';
import { createHttpsListener, listedCertificates } from 'local-cloud/kit/clouds/listeners.ts';
import { freePort } from 'local-cloud/load-balancers/nodes.ts';
import { fingerprintOf } from '#shared/deploy/probe/identity.ts';
import type { Probe, ProbeAnswer, ProbeQuestion } from '#shared/deploy/probe/probe.ts';
import { serialOf } from '#shared/deploy/probe/serial.ts';

export type Endpoints = Awaited<ReturnType<typeof createEndpoints>>;

/** A listener for a default, one for an SNI list and a Classic one, each with the certificate of somebody else. */
export async function createEndpoints(cloud: CloudUnderTest) {
  const others = { key: 'rsa-2048', names: ['shop.example.com'] } as const;
  const { arn: foreignArn } = await imported(cloud, others);
  const standard = await createHttpsListener(cloud, foreignArn);
  const list = await createHttpsListener(cloud, foreignArn);
  const classic = { name: uniqueName('clb'), port: await freePort() };
  await clientsOf(cloud).elb.createLoadBalancer({
    LoadBalancerName: classic.name,
    AvailabilityZones: [`${homeRegion}a`],
    Listeners: [
      {
        Protocol: 'HTTPS',
        LoadBalancerPort: classic.port,
        InstancePort: 80,
        SSLCertificateId: foreignArn,
      },
    ],
  });
  const bound = async (port: number): Promise<readonly string[]> => {
    if (port === classic.port) return [await classicArn(cloud, classic.name)];
    const { listenerArn } = port === standard.port ? standard : list;
    const certificates = await listedCertificates(cloud, listenerArn);
    return certificates.map(([arn]) => String(arn));
  };
  return {
    foreignArn,
    bound: {
      standard: () => bound(standard.port),
      list: () => bound(list.port),
      classic: () => bound(classic.port),
    },
    /** Indented for the configuration's `targets`. */
    targetsYaml: `
      - {type: alb, listener: "${standard.listenerArn}"}
      - {type: alb, listener: "${list.listenerArn}", certificate: sni}
      - {type: clb, loadBalancer: ${classic.name}, port: ${classic.port}}
`,
    /** Answers what a load balancer would serve that has what the API says: the newest of the list. */
    probe: (async (question) => {
      const arns = await bound(question.port);
      return [await presented(cloud, question, arns.at(-1) as string)];
    }) satisfies Probe,
  };
}

export const silent: Probe = async ({ host, servername }) => [
  { address: host, servername, outcome: 'silent', detail: 'connect ECONNREFUSED' },
];

async function presented(
  cloud: CloudUnderTest,
  { host, servername }: ProbeQuestion,
  CertificateArn: string,
): Promise<ProbeAnswer> {
  const { Certificate } = await clientsOf(cloud).acm.getCertificate({ CertificateArn });
  const leaf = new X509Certificate(Certificate ?? '');
  const names = leaf.subjectAltName?.split(', ').map((name) => name.replace('DNS:', '')) ?? [];
  const notAfter = leaf.validToDate;
  const known = { serial: serialOf(leaf.serialNumber), fingerprintSha256: fingerprintOf(leaf) };
  return { address: host, servername, outcome: 'answered', ...known, names, notAfter };
}

async function classicArn(cloud: CloudUnderTest, name: string): Promise<string> {
  const { LoadBalancerDescriptions } = await clientsOf(cloud).elb.describeLoadBalancers({
    LoadBalancerNames: [name],
  });
  const listener = LoadBalancerDescriptions?.[0]?.ListenerDescriptions?.[0]?.Listener;
  return listener?.SSLCertificateId as string;
}
