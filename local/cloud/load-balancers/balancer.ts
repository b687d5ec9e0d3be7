import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SecureContext } from 'node:tls';
import { addMs, type Clock } from '../clock.ts';
import type { CertificateMaterial } from '../services/acm/material.ts';
import type { Timeline } from '../services/timeline.ts';
import { AwsError } from '../wire/service.ts';
import {
  type BalancerKind,
  type ListenerCertificates,
  offeredCertificates,
} from './certificate-choice.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import type { TlsVersions } from './tls-contexts.ts';

type ListenerTls = {
  readonly certificates: Timeline<ListenerCertificates>;
  readonly kind: BalancerKind;
  /** Called at each handshake. */
  readonly versions: () => TlsVersions;
  /** Refuses a client without a certificate, as mutual TLS does. */
  readonly asksClients?: boolean;
};

/** Answers a request as a node that knows every change up to `seenAt`. */
export type Respond = (request: IncomingMessage, response: ServerResponse, seenAt: Date) => void;

export type ListenerOptions = {
  readonly port: number;
  /** Null for plain HTTP. */
  readonly tls: ListenerTls | null;
  readonly respond: Respond;
};

export type BalancerOptions = {
  readonly name: string;
  readonly clock: Clock;
  /** The addresses of its nodes. */
  readonly nodes: readonly string[];
  /** The delay of each node; the last one applies to all further nodes. */
  readonly spreadMs: readonly number[];
  readonly contexts: (
    offered: readonly CertificateMaterial[],
    versions: TlsVersions,
  ) => SecureContext;
};

export type Balancer = {
  /** Rejects when the port is taken on a node address: local balancers share their addresses. */
  listen(listener: ListenerOptions): Promise<void>;
  /** Closes the port and every connection to it. */
  unlisten(port: number): Promise<void>;
  /** Says whether a listener had the certificate at `time`. */
  uses(certificateArn: string, time: Date): boolean;
  /** The certificates that each TLS listener should serve from now on, by port. */
  bound(): ReadonlyMap<number, ListenerCertificates>;
  /** The first port with plain HTTP, which represents port 80 here. */
  httpPort(): number | null;
  isolate(): Promise<void>;
  reconnect(): Promise<void>;
  stick(): void;
  unstick(): void;
  close(): Promise<void>;
};

/** One load balancer: its listeners on each of its nodes, and the changes that each node knows so far. */
export function balancer({ name, clock, nodes, spreadMs, contexts }: BalancerOptions): Balancer {
  type Listening = { readonly tls: ListenerTls | null; readonly ends: readonly Endpoint[] };
  const listeners = new Map<number, Listening>();
  let isolated = false;
  let stuckSince: Date | null = null;

  function seenBy(node: number): Date {
    const behindMs = spreadMs[node] ?? spreadMs.at(-1) ?? 0;
    return addMs(stuckSince ?? clock.now(), -behindMs);
  }

  function contextFor(tls: ListenerTls, node: number) {
    return (serverName: string | null) => {
      const now = clock.now();
      const seenAt = seenBy(node);
      const asked = { kind: tls.kind, serverName, seenAt, now };
      return contexts(offeredCertificates(tls.certificates.at(seenAt), asked), tls.versions());
    };
  }

  const allEnds = () => [...listeners.values()].flatMap(({ ends }) => ends);

  return {
    async listen({ port, tls, respond }) {
      const ends = nodes.map((address, node) =>
        endpoint({
          address,
          port,
          respond: (request, response) => respond(request, response, seenBy(node)),
          contextFor: tls && contextFor(tls, node),
          asksClients: tls?.asksClients ?? false,
        }),
      );
      listeners.set(port, { tls, ends });
      if (isolated) return;
      try {
        await openAll(ends);
      } catch (cause) {
        listeners.delete(port);
        await closeAll(ends);
        const message = `local: ${name} cannot listen on port ${port}, which is taken`;
        throw Object.assign(new AwsError('PortTaken', message), { cause });
      }
    },
    async unlisten(port) {
      const { ends = [] } = listeners.get(port) ?? {};
      listeners.delete(port);
      await closeAll(ends);
    },
    uses: (certificateArn, time) =>
      [...listeners.values()].some(({ tls }) => {
        const bound = tls?.certificates.knownAt(time);
        return bound && [bound.default, ...bound.list].some((each) => each.arn === certificateArn);
      }),
    bound: () =>
      new Map(
        [...listeners].flatMap(([port, { tls }]) =>
          tls ? [[port, tls.certificates.latest()]] : [],
        ),
      ),
    httpPort: () => [...listeners].find(([, { tls }]) => tls === null)?.[0] ?? null,
    async isolate() {
      isolated = true;
      await closeAll(allEnds());
    },
    async reconnect() {
      if (!isolated) return;
      isolated = false;
      await openAll(allEnds());
    },
    stick() {
      stuckSince = clock.now();
    },
    unstick() {
      stuckSince = null;
    },
    close: () => closeAll(allEnds()),
  };
}

/** Waits for every node, so that after a failure on one, none opens later unnoticed. */
async function openAll(ends: readonly Endpoint[]): Promise<void> {
  const opened = await Promise.allSettled(ends.map((end) => end.open()));
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function closeAll(ends: readonly Endpoint[]): Promise<void> {
  await Promise.all(ends.map((end) => end.close()));
}
