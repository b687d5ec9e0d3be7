import type { RequestListener } from 'node:http';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancerPage } from '../balancer-page.ts';
import { notImplemented } from '../not-implemented.ts';
import { validationError } from './model.ts';

export function checkActions(operation: string, actions: readonly Action[] | undefined): void {
  if (!actions?.length) throw validationError('A listener needs a default action');
  const foreign = actions.find(({ Type }) => Type !== 'fixed-response' && Type !== 'forward');
  if (foreign) throw notImplemented(operation, `an action of type ${foreign.Type}`);
}

/** A fixed response is answered as told; what would be forwarded gets the page that names the balancer. */
export function respondWith(name: string, actions: () => readonly Action[]): RequestListener {
  const page = balancerPage(name);
  return (request, response) => {
    const fixed = actions().find((action) => action.Type === 'fixed-response')?.FixedResponseConfig;
    if (!fixed) return page(request, response);
    response.writeHead(Number(fixed.StatusCode), {
      'content-type': fixed.ContentType ?? 'text/plain',
    });
    response.end(fixed.MessageBody ?? '');
  };
}
