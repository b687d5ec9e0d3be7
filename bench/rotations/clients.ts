import type { KeyFamily } from 'local-cloud/handshake.ts';

/** A client that connects again and again, in turn with all the others. */
export type Client = {
  readonly kind: string;
  readonly balancer: 'alb' | 'clb';
  /** Null for a client without SNI. */
  readonly servername: string | null;
  /** Null for a client that supports every key. */
  readonly family: KeyFamily | null;
  /** It may be served these certificates, in the version before the rotation or a newer one. */
  readonly certificates: readonly string[];
};

const shop = ['shop.example.com', 'any.shop.example.com'];

const everyone: readonly Client[] = [
  ...shop.map((servername) => ({
    kind: 'ALB, ECDSA only',
    balancer: 'alb' as const,
    servername,
    family: 'ecdsa' as const,
    certificates: ['shop-ecdsa'],
  })),
  ...shop.map((servername) => ({
    kind: 'ALB, RSA only',
    balancer: 'alb' as const,
    servername,
    family: 'rsa' as const,
    certificates: ['shop-rsa'],
  })),
  ...[...shop, 'turn.example.com', 'docs.example.com'].map((servername) => ({
    kind: 'ALB, every key',
    balancer: 'alb' as const,
    servername,
    family: null,
    certificates: shop.includes(servername) ? ['shop-ecdsa'] : [servername.split('.')[0] ?? ''],
  })),
  {
    kind: 'ALB, no SNI',
    balancer: 'alb',
    servername: null,
    family: null,
    certificates: ['docs', 'turn'],
  },
  ...['legacy.example.com', null].map((servername) => ({
    kind: servername ? 'Classic, by name' : 'Classic, no SNI',
    balancer: 'clb' as const,
    servername,
    family: null,
    certificates: ['legacy'],
  })),
];

/** The clients whose certificates are in the fleet. */
export function clientsOf(ids: readonly string[]): readonly Client[] {
  return everyone.filter(({ certificates }) => certificates.every((id) => ids.includes(id)));
}
