import type { X509Certificate } from 'node:crypto';
import type { Client } from './clients.ts';

export type Fault = 'failed' | 'wrong' | 'expired';

export type Judged = {
  readonly client: Client;
  readonly fault: Fault | null;
  readonly ms: number;
};

/** Says why a client must not have been served this certificate; null where it may. */
export function faultIn(
  leaf: X509Certificate,
  client: Client,
  at: { readonly now: Date; readonly isAllowed: (serial: string) => boolean },
): Fault | null {
  const { servername } = client;
  if (servername !== null && leaf.checkHost(servername) === undefined) return 'wrong';
  if (!at.isAllowed(leaf.serialNumber)) return 'wrong';
  return leaf.validToDate < at.now ? 'expired' : null;
}

export function tableOf(judged: readonly Judged[]): string {
  const kinds = [...new Set(judged.map(({ client }) => client.kind))];
  const rows = kinds.map((kind) =>
    row(
      kind,
      judged.filter(({ client }) => client.kind === kind),
    ),
  );
  return [
    'clients           handshakes  failed   wrong  expired   p50 ms   p99 ms',
    ...rows,
    row('all', judged),
  ].join('\n');
}

function row(name: string, judged: readonly Judged[]): string {
  const count = (fault: Fault) => judged.filter((each) => each.fault === fault).length;
  const times = judged.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return [
    name.padEnd(17),
    String(judged.length).padStart(11),
    String(count('failed')).padStart(8),
    String(count('wrong')).padStart(8),
    String(count('expired')).padStart(9),
    quantile(times, 0.5).toFixed(1).padStart(9),
    quantile(times, 0.99).toFixed(1).padStart(9),
  ].join('');
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
