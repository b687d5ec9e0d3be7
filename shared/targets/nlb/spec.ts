import { listenerArnsAreWhole, listsHaveRoom } from '../elbv2/checks.ts';
import { listenerPermissions, taggedListenerPermissions } from '../elbv2/permissions.ts';
import { listenerSchema } from '../elbv2/schema.ts';
import type { TargetSpec } from '../target.ts';
import { nlbKind } from './kind.ts';

export const nlbSpec = {
  type: 'nlb',
  summary:
    'Network Load Balancer: the default certificate of a TLS listener, one of its SNI list, or both.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [Network Load Balancers](clouds.md#elbv2-network-load-balancer) run on moto too. Which certificate a client gets is documentation only.',
  },
  schema: listenerSchema(nlbKind),
  example: {
    type: 'nlb',
    listener:
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/mail/3f1c2b9a7d5e6048/8c4d2e6f1a3b5970',
  },
  // RSA keys of 3072 bits at most:
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html
  keyAlgorithms: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072'],
  notes: [
    'Only TLS listeners have certificates: those for TCP, UDP and QUIC pass connections on as they are.',
    'Clients get a certificate by the rules of Network Load Balancers, which do not pass over an expired one: certkeep tells you where one of somebody else would answer for your names, and binds nothing meanwhile.',
    'Its quota (L-52964454, 25 unless raised) counts default certificates too, as far as AWS says. A new certificate in the list needs a place beside the one that it replaces.',
    'certkeep asks every address that the DNS name of the load balancer has, as clients do. AWS takes a zone without healthy targets out of DNS where load balancing across zones is off; certkeep asks its address again when it is back. The inbound rules of a security group hold for certkeep too.',
    'It knows no paths, so that it cannot answer a challenge over HTTP: prove its names through DNS.',
  ],
  checks: [listenerArnsAreWhole],
  warnings: [listsHaveRoom(nlbKind)],
  permissions: listenerPermissions(nlbKind),
  whenTagged: taggedListenerPermissions(nlbKind),
} as const satisfies TargetSpec;
