import type { Endpoint } from './target.ts';

/** The endpoint of a `probe:` in the configuration; its port is 443 unless it names one. */
export function probeEndpoint(probe: string): Endpoint {
  const [host = '', port = '443'] = probe.split(':');
  return { host, port: Number(port) };
}
