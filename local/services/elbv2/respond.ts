import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Respond } from '../../load-balancers/balancer.ts';
import { balancerPage } from '../balancer-page.ts';
import { hostOf, matches, pathOf } from './conditions.ts';
import type { AlbListener } from './model.ts';

/**
 * The first rule whose conditions all match answers, otherwise the default actions do. What would be forwarded
 * gets the page that names the balancer.
 */
export function respondByRules(name: string, listener: AlbListener): Respond {
  const page = balancerPage(name);
  return (request, response, seenAt) => {
    const rule = listener.rules.at(seenAt).find(({ conditions }) => matches(conditions, request));
    const [action] = rule?.actions ?? listener.actions;
    if (action?.Type === 'fixed-response') return sendFixed(action, response);
    if (action?.Type === 'redirect') return redirect(action, request, response, listener.port);
    page(request, response);
  };
}

function sendFixed({ FixedResponseConfig: fixed }: Action, response: ServerResponse): void {
  response.writeHead(Number(fixed?.StatusCode), {
    'content-type': fixed?.ContentType ?? 'text/plain',
  });
  response.end(fixed?.MessageBody ?? '');
}

/** What is not configured stays as it was asked for; the parts stand in `#{host}` and the like. */
function redirect(
  { RedirectConfig: config = { StatusCode: undefined } }: Action,
  request: IncomingMessage,
  response: ServerResponse,
  listenerPort: number,
): void {
  const [, query = ''] = (request.url ?? '').split('?', 2);
  const asked: Readonly<Record<string, string>> = {
    protocol: 'http',
    host: hostOf(request),
    port: String(listenerPort),
    path: pathOf(request).slice(1),
    query,
  };
  const fill = (text: string) => text.replace(/#\{(\w+)\}/g, (_, part) => asked[part] ?? '');
  const protocol = fill(config.Protocol ?? '#{protocol}').toLowerCase();
  const authority = `${fill(config.Host ?? '#{host}')}:${fill(config.Port ?? '#{port}')}`;
  const search = fill(config.Query ?? '#{query}');
  const path = fill(config.Path ?? '/#{path}');
  response.writeHead(config.StatusCode === 'HTTP_301' ? 301 : 302, {
    location: `${protocol}://${authority}${path}${search === '' ? '' : `?${search}`}`,
  });
  response.end();
}
