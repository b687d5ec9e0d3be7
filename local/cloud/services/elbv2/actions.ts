import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { type BalancerType, validationError } from './state.ts';

const known: ReadonlySet<string | undefined> = new Set(['fixed-response', 'forward', 'redirect']);

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const contentTypes: ReadonlySet<string> = new Set([
  'text/plain',
  'text/css',
  'text/html',
  'application/javascript',
  'application/json',
]);
const longestBody = 1024;

/** Allows one action that answers. Authentication, which could precede it, is not implemented. */
export function checkActions(
  operation: string,
  actions: readonly Action[] | undefined,
  type: BalancerType = 'application',
): void {
  const [action, ...more] = actions ?? [];
  if (!action) throw validationError('An action must be specified');
  if (more.length > 0) throw notImplemented(operation, 'more than one action');
  // API_Action.html: the other types are of Application Load Balancers.
  if (type === 'network' && action.Type !== 'forward') {
    throw new AwsError(
      'InvalidLoadBalancerActionException',
      `Action type '${action.Type}' is not valid for network load balancers`,
    );
  }
  if (!known.has(action.Type)) throw notImplemented(operation, `an action of type ${action.Type}`);
  if (action.Type === 'fixed-response') checkFixedResponse(action.FixedResponseConfig ?? {});
  if (action.Type === 'redirect') checkRedirect(action.RedirectConfig ?? {});
}

function checkFixedResponse(fixed: Partial<NonNullable<Action['FixedResponseConfig']>>): void {
  if (!/^[245]\d\d$/.test(fixed.StatusCode ?? '')) {
    throw validationError(`The status code '${fixed.StatusCode}' is not valid`);
  }
  if (fixed.ContentType && !contentTypes.has(fixed.ContentType)) {
    throw validationError(`The content type '${fixed.ContentType}' is not valid`);
  }
  if ((fixed.MessageBody ?? '').length > longestBody) {
    throw validationError(`The message body must not be longer than ${longestBody} characters`);
  }
}

function checkRedirect({ StatusCode }: Partial<NonNullable<Action['RedirectConfig']>>): void {
  if (StatusCode === 'HTTP_301' || StatusCode === 'HTTP_302') return;
  throw validationError(`The status code '${StatusCode}' of a redirect is not valid`);
}
