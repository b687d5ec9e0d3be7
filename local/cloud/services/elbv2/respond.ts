import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type { Respond } from '../../load-balancers/balancer.ts';
import { balancerPage } from '../balancer-page.ts';
import { hostOf, matches, pathOf } from './conditions.ts';
import type { Elbv2State, InvokeTarget, KnownListener, TargetGroup } from './state.ts';

/**
 * The first rule whose conditions all match answers, otherwise the default actions. Instead of forwarding to targets other
 * than functions, it answers with a page that names the balancer.
 */
export function respondByRules(
  name: string,
  listener: KnownListener,
  { groups, invoke }: Pick<Elbv2State, 'groups' | 'invoke'>,
): Respond {
  const page = balancerPage(name);
  return (request, response, seenAt) => {
    const rule = listener.rules.at(seenAt).find(({ conditions }) => matches(conditions, request));
    const [action] = rule?.actions ?? listener.actions;
    if (action?.Type === 'fixed-response') return sendFixed(action, response);
    if (action?.Type === 'redirect') return redirect(action, request, response, listener.port);
    const group = groups.get(action?.TargetGroupArn ?? '');
    if (!group) return page(request, response);
    void askFunction(group, request, response, invoke);
  };
}

const answerOf = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
async function askFunction(
  group: TargetGroup,
  request: IncomingMessage,
  response: ServerResponse,
  invoke: InvokeTarget,
): Promise<void> {
  const query = new URLSearchParams(request.url?.split('?', 2)[1] ?? '');
  const event = {
    requestContext: { elb: { targetGroupArn: group.arn } },
    httpMethod: request.method,
    path: pathOf(request),
    queryStringParameters: Object.fromEntries(query),
    headers: request.headers,
    body: '',
    isBase64Encoded: false,
  };
  const { functionArn } = group;
  const payload = functionArn && (await invoke(functionArn, group.arn, event).catch(() => null));
  const { success, data } = answerOf.safeParse(payload);
  // A malformed answer is a bad gateway, like a function that fails or is throttled; a group without a function is
  // unavailable (load-balancer-troubleshooting.html, "HTTP 502" and "HTTP 503").
  if (!success) return void response.writeHead(functionArn ? 502 : 503).end();
  response.writeHead(data.statusCode, data.headers).end(data.body);
}

function sendFixed({ FixedResponseConfig: fixed }: Action, response: ServerResponse): void {
  response.writeHead(Number(fixed?.StatusCode), {
    'content-type': fixed?.ContentType ?? 'text/plain',
  });
  response.end(fixed?.MessageBody ?? '');
}

/** Parts that are not configured stay as in the request, through `#{host}` and the like. */
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
