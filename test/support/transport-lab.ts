import type { ServerResponse } from 'node:http';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import {
  acmeTransport,
  type Transport,
  type TransportOptions,
} from '#shared/issuers/acme/wire/transport.ts';
import { type HostileServer, type Received, startHostileServer } from './hostile-server.ts';

export type TransportLab = {
  readonly transport: Transport;
  readonly server: HostileServer;
  readonly directoryUrl: string;
  readonly clock: VirtualClock;
};

/** The transport, and a CA that answers every request as told. */
export async function transportTo(
  respond: (request: Received, response: ServerResponse) => void,
  options: Partial<TransportOptions> = {},
): Promise<TransportLab> {
  const server = await startHostileServer(respond);
  const clock = virtualClock();
  const directoryUrl = `${server.origin}/directory`;
  const transport = acmeTransport({ directoryUrl, caBundle: server.rootPem, clock, ...options });
  return { transport, server, directoryUrl, clock };
}
