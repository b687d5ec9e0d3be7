import { stagesOf } from '#infra/rights/function-stages.ts';
import {
  challengeRights,
  functionRights,
  listenerRights,
  placeRights,
  type Surroundings,
} from '#infra/rights/rights.ts';
import { readBack } from '#local/demo/landscape.ts';
import { listenerAccounts, stackAccounts } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { type FunctionName, functionNames } from '#shared/installation.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import type { NamedCall } from './calls.ts';
import type { Setting } from './setting.ts';

/** An AWS action of a function: `deploy acm:ImportCertificate`. */
export type Right = string;

const surroundings: Surroundings = {
  keyArn: 'arn:aws:kms:us-east-1:123456789012:key/home',
  replicaKeyArn: (region) => `arn:aws:kms:${region}:123456789012:key/replica`,
  configBucket: 'assets',
};

/**
 * Returns every action that the permissions give to a function: in the roles of these settings, and in the specs of
 * plugins, whether a setting has them or not.
 */
export function rightsGiven(settings: readonly Setting[]): ReadonlySet<Right> {
  const configs = settings.map(({ configText }) => readBack(configText).config);
  return new Set([...configs.flatMap(rightsIn), ...rightsOfPlugins()]);
}

function rightsIn(config: Config): readonly Right[] {
  const accounts = stackAccounts(config);
  return [
    ...functionNames.flatMap((name) => [
      ...rightsOf(name, functionRights(name, config, surroundings)),
      ...accounts.flatMap((account) => rightsOf(name, placeRights(name, config, account))),
    ]),
    ...listenerAccounts(config).flatMap((account) =>
      rightsOf('issue', listenerRights(config, account)),
    ),
    ...rightsOf('challenge', challengeRights(config, surroundings)),
  ];
}

function rightsOfPlugins(): readonly Right[] {
  const specs = [solverSpecs, issuerSpecs, targetSpecs].flatMap((each) => Object.values(each));
  const permissions = specs.flatMap((spec): readonly Permission[] => [
    ...spec.permissions,
    ...('rolePermissions' in spec ? spec.rolePermissions : []),
  ]);
  return functionNames.flatMap((name) =>
    rightsOf(
      name,
      permissions.filter(({ stages }) => stages.some((stage) => stagesOf[name].includes(stage))),
    ),
  );
}

function rightsOf(
  name: FunctionName | 'challenge',
  statements: readonly { readonly actions: readonly string[] }[],
): readonly Right[] {
  return statements.flatMap(({ actions }) => actions.map((action) => `${name} ${action}`));
}

/** Actions that no function requests by a call of its own, with the reasons. */
export const withoutCall: Readonly<Record<string, string>> = {
  'iam:TagServerCertificate': 'UploadServerCertificate brings the tags of the certificate',
  'kms:Decrypt': 'S3, Secrets Manager and SNS ask KMS for whoever asks them',
  'kms:Encrypt': 'Secrets Manager asks KMS for whoever asks it',
  'kms:GenerateDataKey': 'S3, Secrets Manager and SNS ask KMS for whoever asks them',
  'logs:CreateLogStream': 'Lambda writes the logs of a function',
  'logs:PutLogEvents': 'Lambda writes the logs of a function',
  'sqs:ReceiveMessage': 'Lambda polls the queue',
  'sqs:DeleteMessage': 'Lambda takes out of the queue what is done',
};

const tells404 = 'S3 answers 404 instead of 403 to GetObject for whoever may list';

/** Actions that a single function does not request, with the reasons. */
export const withoutCallIn: Readonly<Record<Right, string>> = {
  'issue elasticloadbalancing:AddTags': 'CreateRule brings the tags of the rule',
  'issue s3:ListBucket': tells404,
  'deploy s3:ListBucket': tells404,
  'alert s3:ListBucket': tells404,
  'issue sqs:GetQueueAttributes': 'Lambda looks at the queue that it polls',
  'deploy sqs:GetQueueAttributes': 'Lambda looks at the queue that it polls',
  'alert sqs:SendMessage': 'Lambda keeps the events that failed',
};

/** Operations whose action has another name. */
const actionNames: Readonly<Record<string, string>> = {
  'apigateway:GetDomainName': 'apigateway:GET',
  'apigateway:TagResource': 'apigateway:PUT',
  'apigateway:UpdateDomainName': 'apigateway:PATCH',
  's3:ListObjectsV2': 's3:ListBucket',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

/** Returns the right that a call needs, such as `deploy acm:ImportCertificate`. */
export function rightOf({ functionName, service, operation }: NamedCall): Right {
  const prefix = service === 'elb' || service === 'elbv2' ? 'elasticloadbalancing' : service;
  const action = `${prefix}:${operation}`;
  return `${functionName} ${actionNames[action] ?? action}`;
}

/** Says whether a function uses a right by a call of its own. */
export function isCalled(right: Right): boolean {
  const [, action = ''] = right.split(' ');
  return !(right in withoutCallIn) && !(action in withoutCall);
}
