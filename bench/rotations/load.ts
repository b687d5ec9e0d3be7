import type { X509Certificate } from 'node:crypto';
import { shakeHands } from 'local-cloud/handshake.ts';
import { errorMessage } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import type { Client } from './clients.ts';
import type { Allowed } from './records.ts';
import { faultIn, type Judged } from './tally.ts';

export type LoadOptions = {
  readonly clients: readonly Client[];
  readonly perSecond: number;
  /** The addresses and the port of a balancer. */
  readonly endpoint: (client: Client) => {
    readonly addresses: readonly string[];
    readonly port: number;
  };
  /** Returns the versions that may be served now: those that were current when this rotation began, and newer ones. */
  readonly allowed: () => Allowed;
  /** The time of the cloud's clock. */
  readonly now: () => Date;
  readonly onFault: (told: string) => void;
};

export type Load = {
  readonly judged: readonly Judged[];
  /** Starts no further handshakes, and waits for the open ones. */
  stop(): Promise<void>;
};

const timeoutMs = 10 * secondMs;
const tickMs = 5;

/** Makes this many handshakes per second of real time, and catches up when the process was busy. */
export function startLoad(options: LoadOptions): Load {
  const { clients, perSecond } = options;
  const judged: Judged[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  let begun = 0;

  async function one(index: number): Promise<void> {
    const client = clients[index % clients.length] as Client;
    const { addresses, port } = options.endpoint(client);
    // All clients connect to one node, then all to the next.
    const host = addresses[Math.floor(index / clients.length) % addresses.length] as string;
    const before = options.allowed();
    const since = performance.now();
    const asked = { host, port, servername: client.servername, family: client.family, timeoutMs };
    const answer = await shakeHands(asked).catch((error: unknown) => errorMessage(error));
    const ms = performance.now() - since;
    const isAllowed = (serial: string) =>
      [before, options.allowed()].some((allowed) => allowed(client.certificates, serial));
    const isFailed = typeof answer === 'string';
    const fault = isFailed ? 'failed' : faultIn(answer, client, { now: options.now(), isAllowed });
    judged.push({ client, fault, ms });
    if (fault) options.onFault(`${fault}: ${client.kind} at ${host}, ${told(client, answer)}`);
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / secondMs) * perSecond);
    for (; begun < due; begun += 1) {
      const handshake = one(begun).finally(() => underWay.delete(handshake));
      underWay.add(handshake);
    }
  }, tickMs);

  return {
    judged,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

function told({ servername }: Client, answer: X509Certificate | string): string {
  const name = servername ?? 'no name';
  if (typeof answer === 'string') return `${name}: ${answer}`;
  const { serialNumber, subjectAltName, validTo } = answer;
  return `${name}: ${serialNumber} for ${subjectAltName} until ${validTo}`;
}
