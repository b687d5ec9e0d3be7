import { inBucket } from '#shared/aws/encryption-context.ts';
import { managedTag, permissionNames as names } from '#shared/installation.ts';
import { thumbprintTag } from '#shared/keystores/key-store.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import type { SolverSpec } from '../solver-spec.ts';
import { albHttp01Check } from './checks.ts';
import { albHttp01Schema } from './schema.ts';

const bucket = `arn:{partition}:s3:::${names.bucket}`;
const challengeAnswers = `${bucket}/challenges/http-01/*`;
const secrets = 'arn:{partition}:secretsmanager:{region}:{account}:secret:';

/** The rights of the function behind permanent rules. Strangers call it, so it may read only what CAs are to see. */
export const answeringPermissions = [
  {
    sid: 'WriteLogs',
    stages: ['issue'],
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [
      `arn:{partition}:logs:{region}:{account}:log-group:${names.logGroup('challenge')}:*`,
    ],
    reason: 'Lambda names the streams of a group as it starts containers.',
  },
  {
    sid: 'ReadChallengeAnswers',
    stages: ['issue'],
    actions: ['s3:GetObject'],
    resources: [challengeAnswers],
    reason: 'The CA chooses the tokens.',
  },
  {
    sid: 'OpenChallengeAnswers',
    stages: ['issue'],
    actions: ['kms:Decrypt'],
    resources: ['{key}'],
    conditions: {
      StringEquals: { 'kms:ViaService': 's3.{region}.{urlSuffix}' },
      StringLike: inBucket(bucket),
    },
    reason:
      'The bucket is encrypted with the key of the installation. Through S3 it opens no secret.',
  },
  {
    sid: 'ReadThumbprints',
    stages: ['issue'],
    actions: ['secretsmanager:DescribeSecret'],
    // An account that was never used has no secret, whose name AWS then asks about as it stands.
    resources: ['', '-??????'].map(
      (suffix) => `${secrets}${names.accountSecret('{accountKey}')}${suffix}`,
    ),
    reason:
      'The tags say which keys belong to our accounts; the function answers only for them. It reads no value.',
  },
] as const satisfies readonly Permission[];

export const albHttp01Spec = {
  type: 'alb-http01',
  summary:
    'HTTP-01 through the HTTP listener of an Application Load Balancer: a rule with a fixed response for each token while the CA validates, or one permanent rule to a function. It proves no wildcards, which CAs accept only through DNS.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [listener rules](clouds.md#elbv2-listener-rules) run on moto too. Pebble asks the local load balancer.',
  },
  schema: albHttp01Schema,
  example: {
    type: 'alb-http01',
    listener:
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/0467ef3c8400ae65',
  },
  checks: [albHttp01Check],
  permissions: [
    {
      sid: 'ActOnListeners',
      stages: ['issue'],
      actions: ['sts:AssumeRole'],
      resources: ['{listenerRole}'],
      otherwise: {
        resources: [`arn:{partition}:iam::*:role/${names.listenerRole}`],
        meaning: 'It is allowed for the role of this name in every account that trusts it.',
      },
      reason: 'A separate role, which only this function assumes, makes and removes rules.',
    },
    {
      sid: 'KeepChallengeAnswers',
      stages: ['issue'],
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [challengeAnswers],
      needs: 'permanentListener',
      reason:
        'The answers of the function behind a permanent rule, while a CA validates. An answer for another account stays.',
    },
    {
      sid: 'ShowThumbprints',
      stages: ['issue'],
      actions: ['secretsmanager:TagResource'],
      resources: [`${secrets}${names.accountSecret('*')}`],
      conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [thumbprintTag] } },
      needs: 'permanentListener',
      reason: 'The function behind a permanent rule answers only for these keys.',
    },
  ],
  rolePermissions: [
    {
      sid: 'LookAtListeners',
      stages: ['issue'],
      actions: [
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
      ],
      resources: ['*'],
      reason: 'Elastic Load Balancing supports no resource-level permissions for Describe actions.',
    },
    {
      sid: 'LookAtRules',
      stages: ['issue'],
      actions: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags'],
      resources: ['*'],
      needs: 'ruledListener',
      reason: 'Elastic Load Balancing supports no resource-level permissions for Describe actions.',
    },
    {
      sid: 'MakeRules',
      stages: ['issue'],
      actions: ['elasticloadbalancing:CreateRule'],
      resources: ['{ruledListener}'],
      conditions: { StringEquals: { [`aws:RequestTag/${managedTag}`]: names.installation } },
      reason: 'A rule carries the tag of the installation from the beginning.',
    },
    {
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
      sid: 'TagRules',
      stages: ['issue'],
      actions: ['elasticloadbalancing:AddTags'],
      resources: ['{listenerRules}'],
      conditions: {
        StringEquals: {
          'elasticloadbalancing:CreateAction': 'CreateRule',
          [`aws:RequestTag/${managedTag}`]: names.installation,
        },
      },
      reason: 'Rules have no ids before they are made. An existing rule is not tagged.',
    },
    {
      sid: 'RemoveRules',
      stages: ['issue'],
      actions: ['elasticloadbalancing:DeleteRule'],
      resources: ['{listenerRules}'],
      conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
      reason: 'Only rules with the tag of the installation are removed.',
    },
  ],
} as const satisfies SolverSpec;
