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
    'a Network Load Balancer',
    target('type: nlb'),
    'certificates.shop.targets[0].type',
    'Network Load Balancers are not supported',
    'Application (alb) and Classic (clb)',
  ],
  [
    'CloudFront',
    target('type: cloudfront'),
    'certificates.shop.targets[0].type',
    'CloudFront is not supported',
    'leave the target out',
  ],
  [
    'ACM alone',
    target('type: acm'),
    'certificates.shop.targets[0].type',
    'ACM without a load balancer is not supported',
    'leave the target out',
  ],
  [
    'a listener of a Network Load Balancer',
    listener(listenerArn.replace('/app/', '/net/')),
    'certificates.shop.targets[0].listener',
    'Network Load Balancers are not supported',
    'alb',
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
    'the host of a Classic Load Balancer',
    target('type: clb, loadBalancer: old-shop-1234567890.us-east-1.elb.amazonaws.com'),
    'certificates.shop.targets[0].loadBalancer',
    'not the name',
    '"loadBalancer: old-shop"',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));
