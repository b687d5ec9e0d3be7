import type { RequestListener } from 'node:http';

/** Replaces the user's targets by a page that names the balancer. */
export function balancerPage(name: string): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${name}, a load balancer of the local cloud\n`);
  };
}
