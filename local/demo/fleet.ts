import { readFileSync } from 'node:fs';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { ByHand } from './landscape/by-hand.ts';

/** A certificate that certkeep issued and deployed some time ago. */
export type Past = {
  readonly id: string;
  readonly issuedDaysAgo: number;
  readonly endsInDays: number;
  /** The names before the configuration changed. */
  readonly names?: readonly string[];
  readonly key?: KeyAlgorithm;
};

/** The fleet of `npm start`. */
export const fleet = {
  configText: readFileSync(new URL('./fleet.yaml', import.meta.url), 'utf8'),
  /** The listener of `app`. */
  consoleMade: [
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/app-alb/0000000000000004/0000000000000004',
  ],
  past: [
    { id: 'shop', issuedDaysAgo: 85, endsInDays: 5 },
    { id: 'docs', issuedDaysAgo: 20, endsInDays: 70 },
    { id: 'api', issuedDaysAgo: 20, endsInDays: 70, names: ['api.example.net'] },
    { id: 'login', issuedDaysAgo: 20, endsInDays: 70 },
  ] satisfies readonly Past[],
  /** Beside the fleet where it is kept, so that there is something to take over. There is no zone for the second name. */
  byHand: [
    {
      balancer: 'www-alb',
      default: { names: ['www.example.com'], endsInDays: 12 },
      list: [{ names: ['partner.example.edu'], endsInDays: 40 }],
    },
  ] satisfies readonly ByHand[],
  /** Somebody else's challenge value, at a name where certkeep publishes too. */
  foreignTxt: { name: '_acme-challenge.blog.example.com', value: 'somebody-else' },
};
