import { listenerArnsAreWhole, listsHaveRoom } from '../elbv2/checks.ts';
import { listenerPermissions, taggedListenerPermissions } from '../elbv2/permissions.ts';
import { listenerSchema } from '../elbv2/schema.ts';
import type { TargetSpec } from '../target.ts';
import { albKind } from './kind.ts';

export const albSpec = {
  type: 'alb',
  summary:
    'Application Load Balancer: the default certificate of an HTTPS listener, one of its SNI list, or both.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [default certificates](clouds.md#elbv2-default-certificate) and [SNI lists](clouds.md#elbv2-sni-list) run on moto too. `openssl s_client` asks the local load balancers too.',
  },
  schema: listenerSchema(albKind),
  example: {
    type: 'alb',
    listener:
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2',
    certificate: 'sni',
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
  keyAlgorithms: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  checks: [listenerArnsAreWhole],
  warnings: [listsHaveRoom(albKind)],
  permissions: listenerPermissions(albKind),
  whenTagged: taggedListenerPermissions(albKind),
} as const satisfies TargetSpec;
