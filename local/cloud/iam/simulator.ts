type Simulator = typeof import('@cloud-copilot/iam-simulate');

/**
 * One action of each service, with its own condition key where requests send one. Asking these once loads everything about
 * the service.
 */
const questions: readonly (readonly [action: string, resource: string, key: string | null])[] = [
  ['acm:DeleteCertificate', 'acm:r:1:certificate/1', 'acm:CertificateKeyPairOrigin'],
  ['apigateway:PUT', 'apigateway:r::/tags/a', null],
  ['cloudfront:TagResource', 'cloudfront::1:distribution/a', 'aws:ResourceTag/a'],
  ['cloudwatch:PutMetricData', 'cloudwatch:r:1:dataset/a', 'cloudwatch:namespace'],
  [
    'elasticloadbalancing:ModifyListener',
    'elasticloadbalancing:r:1:listener/app/a/1/2',
    'elasticloadbalancing:ResourceTag/a',
  ],
  ['events:PutEvents', 'events:r:1:event-bus/a', 'events:source'],
  ['iam:PassRole', 'iam::1:role/a', 'iam:PassedToService'],
  ['iam:UploadServerCertificate', 'iam::1:server-certificate/a', 'aws:RequestTag/a'],
  ['kms:Decrypt', 'kms:r:1:key/1', 'kms:ViaService'],
  ['lambda:InvokeFunction', 'lambda:r:1:function:a', null],
  ['logs:PutLogEvents', 'logs:r:1:log-group:a:log-stream:b', null],
  [
    'route53:ChangeResourceRecordSets',
    'route53:::hostedzone/Z1',
    'route53:ChangeResourceRecordSetsActions',
  ],
  ['s3:ListBucket', 's3:::a', 's3:prefix'],
  ['scheduler:GetSchedule', 'scheduler:r:1:schedule/a/b', null],
  ['secretsmanager:CreateSecret', 'secretsmanager:r:1:secret:a', 'secretsmanager:Name'],
  ['sns:Subscribe', 'sns:r:1:a', 'sns:Protocol'],
  ['sqs:SendMessage', 'sqs:r:1:a', null],
  ['ssm:SendCommand', 'ssm:r:1:document/a', 'ssm:resourceTag/a'],
  ['ssm:SendCommand', 'ec2:r:1:instance/i-1', 'ssm:resourceTag/a'],
  ['ssm:PutParameter', 'ssm:r:1:parameter/a', 'ssm:Overwrite'],
  ['tag:GetResources', '*', null],
  ['sts:AssumeRole', 'iam::1:role/a', 'sts:ExternalId'],
];

let loading: Promise<Simulator> | undefined;

/**
 * @cloud-copilot/iam-simulate with its facts about AWS in memory. Loading takes a tenth of a second, once per process with
 * roles. After that, no decision waits for a file, which a virtual clock would not wait for.
 */
export function simulator(): Promise<Simulator> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Simulator> {
  const loaded = await import('@cloud-copilot/iam-simulate');
  for (const [action, resource, key] of questions) {
    await loaded.runSimulation(
      {
        request: {
          principal: 'arn:aws:iam::000000000000:role/nobody',
          action,
          resource: { resource: `arn:aws:${resource}`, accountId: '000000000000' },
          contextVariables: key === null ? {} : { [key]: 'x' },
        },
        identityPolicies: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
  }
  return loaded;
}
