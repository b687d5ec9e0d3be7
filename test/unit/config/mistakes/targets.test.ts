import { test } from 'vitest';
import { certificatesYaml } from '#test/support/config-yaml.ts';
import { expectRow, listenerArn, type Row } from '#test/support/mistakes.ts';

const target = (fields: string) => ({
  certificates: certificatesYaml({ shop: { key: 'rsa-2048', targets: `[{${fields}}]` } }),
});
const listener = (arn: string) => target(`type: alb, listener: "${arn}"`);
const balancer = listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]*$/, '');

const rows: readonly Row[] = [
  [
    'the words for a Network Load Balancer',
    target('type: network'),
    'certificates.shop.targets[0].type',
    'is not one of',
    'Write "type: nlb"',
  ],
  [
    'CloudFront',
    target('type: cdn'),
    'certificates.shop.targets[0].type',
    'is not one of',
    'Write "type: cloudfront" and the id of the distribution.',
  ],
  [
    'a place that is to be first, without a target',
    { ...target('type: acm'), retired: 'rollout: {first: ["123456789012/eu-west-1"]}' },
    'rollout.first',
    'has no target here',
    'Write one of 123456789012/us-east-1',
  ],
  [
    'a time of proof in days',
    {
      ...target('type: acm'),
      retired: 'rollout: {first: ["123456789012/us-east-1"], proveFor: 1d}',
    },
    'rollout.proveFor',
    'is not a number of minutes or hours',
    'such as 30m or 2h',
  ],
  [
    'Cognito, which takes the ARN of a certificate',
    target('type: cognito'),
    'certificates.shop.targets[0].type',
    'That is not supported',
    'write "type: acm"',
  ],
  [
    'a host for ACM with a scheme',
    target('type: acm, probe: "https://www.example.com"'),
    'certificates.shop.targets[0].probe',
    'is not the name of a host',
    'www.example.com:8443',
  ],
  [
    'a host for ACM with a port that there is not',
    target('type: acm, probe: "www.example.com:84430"'),
    'certificates.shop.targets[0].probe',
    'is not the name of a host',
    'www.example.com:8443',
  ],
  [
    'a listener of a Network Load Balancer as alb',
    listener(listenerArn.replace('/app/', '/net/')),
    'certificates.shop.targets[0].listener',
    'is of a Network Load Balancer, and this target is of type alb',
    'Write "type: nlb".',
  ],
  [
    'a listener of an Application Load Balancer as nlb',
    target(`type: nlb, listener: "${listenerArn}"`),
    'certificates.shop.targets[0].listener',
    'is of an Application Load Balancer, and this target is of type nlb',
    'Write "type: alb".',
  ],
  [
    'a Network Load Balancer as alb',
    listener(balancer.replace('/app/', '/net/')),
    'certificates.shop.targets[0].listener',
    'is the ARN of a load balancer',
    `Write "type: nlb" and the ARN of its TLS listener: aws elbv2 describe-listeners --load-balancer-arn ${balancer.replace('/app/', '/net/')} --query "Listeners[?Protocol=='TLS'].ListenerArn".`,
  ],
  [
    'a Network Load Balancer as clb',
    target(`type: clb, loadBalancer: "${balancer.replace('/app/', '/net/')}"`),
    'certificates.shop.targets[0].loadBalancer',
    'not the name',
    'write "type: nlb" and its listener',
  ],
  [
    'a load balancer',
    listener(balancer),
    'certificates.shop.targets[0].listener',
    'is the ARN of a load balancer',
    `aws elbv2 describe-listeners --load-balancer-arn ${balancer} --query`,
  ],
  [
    'a Classic Load Balancer',
    listener('arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/old'),
    'certificates.shop.targets[0].listener',
    'is of a Classic',
    '{type: clb, loadBalancer: old, port: 443}',
  ],
  [
    'a target group',
    listener('arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/50dc6c495c0c9188'),
    'certificates.shop.targets[0].listener',
    'target group',
    'in front of it',
  ],
  [
    'a rule',
    listener(`${listenerArn.replace(':listener/', ':listener-rule/')}/0467ef3c8400ae65`),
    'certificates.shop.targets[0].listener',
    'of a rule',
    listenerArn,
  ],
  [
    'a certificate',
    listener('arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666'),
    'certificates.shop.targets[0].listener',
    'is the ARN of a certificate',
    'aws acm describe-certificate --certificate-arn arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666 --query Certificate.InUseBy',
  ],
  [
    'a placeholder',
    listener(listenerArn.replace('123456789012', '<ACCOUNT>')),
    'certificates.shop.targets[0].listener',
    'still holds the placeholder <ACCOUNT>',
    'aws elbv2 describe-load-balancers',
  ],
  [
    'an account with a digit too many',
    listener(listenerArn.replace('123456789012', '1234567890123')),
    'certificates.shop.targets[0].listener',
    'names an account of 13 digits',
    'twelve digits',
  ],
  [
    'an id that was cut',
    listener(`${listenerArn}z`),
    'certificates.shop.targets[0].listener',
    'ends in f2f7dc8efc522ab2z, which is not an id: ids are of the digits 0-9 and a-f',
    'aws elbv2 describe-listeners --load-balancer-arn',
  ],
  [
    'the host of a load balancer',
    listener('shop-1234567890.us-east-1.elb.amazonaws.com'),
    'certificates.shop.targets[0].listener',
    'is the host of a load balancer',
    `--query "LoadBalancers[?DNSName=='shop-1234567890.us-east-1.elb.amazonaws.com'].LoadBalancerArn"`,
  ],
  [
    'the name of a load balancer',
    listener('shop'),
    'certificates.shop.targets[0].listener',
    'is not the ARN of a listener, but a name',
    'aws elbv2 describe-load-balancers --names shop --query',
  ],
  [
    'the host of a Classic Load Balancer',
    target('type: clb, loadBalancer: old-shop-1234567890.us-east-1.elb.amazonaws.com'),
    'certificates.shop.targets[0].loadBalancer',
    'not the name',
    '"loadBalancer: old-shop"',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));
