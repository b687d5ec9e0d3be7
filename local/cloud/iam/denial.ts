import type { Identity } from '../wire/accounts.ts';
import { AwsError } from '../wire/service.ts';
import type { AccessRequest } from './authorizations/requests.ts';
import type { Outcome } from './simulation.ts';

type Answer = { readonly code: string; readonly status: number };

const json: Answer = { code: 'AccessDeniedException', status: 400 };
const xml: Answer = { code: 'AccessDenied', status: 403 };

/** The denial in each protocol; the codes are the SDK's error names. */
const answers: Readonly<Record<string, Answer>> = {
  acm: json,
  cloudfront: xml,
  elb: xml,
  elbv2: xml,
  events: json,
  lambda: { code: 'AccessDeniedException', status: 403 },
  route53: xml,
  s3: xml,
  secretsmanager: json,
  sns: { code: 'AuthorizationErrorException', status: 403 },
  sqs: xml,
  ssm: json,
  sts: xml,
  tagging: json,
};

/** Services with their own error code for a key that the caller may not use. */
const keyAnswers: Readonly<Record<string, Answer>> = {
  sns: { code: 'KMSAccessDeniedException', status: 400 },
  sqs: { code: 'KmsAccessDenied', status: 400 },
};

/** The error that AWS answers, with its text: troubleshoot_access-denied.html. */
export function denial(
  service: string,
  identity: Identity,
  request: AccessRequest,
  refusal: NonNullable<Outcome['refusal']>,
): AwsError {
  const isKeyUse = request.action.startsWith('kms:');
  const { code, status } = (isKeyUse ? keyAnswers[service] : undefined) ?? answers[service] ?? xml;
  return new AwsError(code, messageOf(service, identity, request, refusal), status);
}

function messageOf(
  service: string,
  identity: Identity,
  request: AccessRequest,
  refusal: NonNullable<Outcome['refusal']>,
): string {
  const isKeyUse = request.action.startsWith('kms:');
  if (isKeyUse && service === 'secretsmanager') return 'Access to KMS is not allowed';
  const action = spelled(request.action);
  const resource = service === 's3' && !isKeyUse ? `"${request.resource}"` : request.resource;
  const shown = request.resource === '*' ? '' : ` on resource: ${request.shown ?? resource}`;
  const said = `User: ${identity.arn} is not authorized to perform: ${action}${shown}`;
  // STS tells a stranger nothing about a role.
  return service === 'sts' ? said : `${said} ${why(action, refusal)}`;
}

function why(action: string, { explicit, by }: NonNullable<Outcome['refusal']>): string {
  const policy = by === 'identity' ? 'identity-based policy' : 'resource-based policy';
  if (!explicit) return `because no ${policy} allows the ${action} action`;
  return `with an explicit deny in ${by === 'identity' ? 'an' : 'a'} ${policy}`;
}

/** The spelling of the service's own actions in such messages. */
function spelled(action: string): string {
  if (action.startsWith('sqs:')) return action.toLowerCase();
  return action.replace(/^sns:/, 'SNS:');
}
