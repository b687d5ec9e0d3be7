import type { Deployment } from '#shared/ledger/record/record.ts';
import type { Verdict } from './judge.ts';

export type EndpointLook = {
  readonly verdict: Verdict;
  /** For the next look. */
  readonly contradictedSince: Date | null;
  /** When what the endpoint serves ends (ISO 8601); null where nothing answered. */
  readonly servedUntil: string | null;
};

export type Where = NonNullable<Deployment['endpoint']>;

/** What a question to one target's endpoint came to. */
export type Observation = Pick<EndpointLook, 'verdict' | 'contradictedSince' | 'servedUntil'> & {
  readonly key: string;
  /** For people: `shop-alb:443`. */
  readonly name: string;
  /** Null where nobody knows. */
  readonly where: Where | null;
};
