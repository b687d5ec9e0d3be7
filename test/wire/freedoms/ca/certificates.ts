import type { Order } from './orders.ts';
import { issueLeaf } from './pki.ts';
import { refuse } from './problem.ts';
import type { Is } from './urls.ts';
import type { Reply } from './wire.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const shapes = [
  'rootIncluded',
  'rootFirst',
  'chainReversed',
  'twice',
  'crossSigned',
  'allCrosses',
  'rollover',
  'leafOnly',
  'leafAndRoot',
  'strangerOnly',
] as const;

/** The leaf of an order and what is sent above it, as PEM. */
export function certify(order: Order, csr: Buffer, now: Date, is: Is): Promise<readonly string[]> {
  const [first = ''] = order.names;
  const names = is('lacksName') ? order.names.slice(1) : order.names;
  const { notBefore, notAfter } = validity(now, is);
  return issueLeaf({
    csr,
    names: [...names, ...(is('extraName') ? [`www.${first.replace(/^\*\./, '')}`] : [])],
    uri: is('extraUri') ? 'spiffe://example.com/shop' : null,
    shape: shapes.find(is) ?? 'usual',
    notBefore,
    notAfter,
    hasKeyIdentifier: !is('noKeyIdentifier'),
    commonName: is('commonName') ? first : null,
    ...(is('highSerial') && { serial: `ff${'a7'.repeat(19)}` }),
  });
}

function validity(now: Date, is: Is): { readonly notBefore: Date; readonly notAfter: Date } {
  const from = (ms: number) => new Date(Math.floor((now.getTime() + ms) / 1_000) * 1_000);
  if (is('beginsTomorrow')) return { notBefore: from(dayMs), notAfter: from(90 * dayMs) };
  if (is('backDated')) return { notBefore: from(-47 * hourMs), notAfter: from(90 * dayMs) };
  if (is('expired')) return { notBefore: from(-90 * dayMs), notAfter: from(-dayMs) };
  return { notBefore: from(0), notAfter: from(90 * dayMs) };
}

/** RFC 8555 §7.4.2. `links` are fields for it. */
export function download(order: Order, links: readonly string[], is: Is): Reply {
  order.downloads += 1;
  if (is('lateCertificate') && order.downloads === 1) {
    throw refuse(503, 'serverInternal', 'not there yet', {}, { 'retry-after': '20' });
  }
  return {
    type: 'application/pem-certificate-chain',
    ...(links.length > 0 && { headers: { link: links } }),
    body: written(order.certificates ?? [], is),
  };
}

function written(blocks: readonly string[], is: Is): string {
  const texts = is('explained') ? blocks.map((pem, at) => `Number ${at}: of 2026\n${pem}`) : blocks;
  const text = texts.join('');
  if (is('crlf')) return text.replaceAll('\n', '\r\n');
  return is('oldLabel') ? text.replaceAll(' CERTIFICATE-', ' X509 CERTIFICATE-') : text;
}
