import type { Deployment } from '#shared/ledger/record/record.ts';
import type { Verdict } from './judge.ts';

export type EndpointLook = {
  readonly verdict: Verdict;
  /** Kept for the next look. */
  readonly contradictedSince: Date | null;
  /** The end of the certificate that the endpoint serves (ISO 8601); null where nothing answered. */
  readonly servedUntil: string | null;
  /** Set where asking again in this run would be in vain: the wait until it is asked again. */
  readonly comesAgainMs?: number;
};

export type Where = NonNullable<Deployment['endpoint']>;

/** The result of asking one target's endpoint. */
export type Observation = EndpointLook & {
  readonly key: string;
  /** The name for people: `shop-alb:443`. */
  readonly name: string;
  /** Null where the address is unknown. */
  readonly where: Where | null;
};
