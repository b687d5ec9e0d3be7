import type { CertificateRecord, Deployment, LedgerEvent } from '#shared/ledger/record/record.ts';
import type { Held, Position } from '#shared/targets/target.ts';
import type { Act } from './act.ts';
import type { Handshaken } from './scene.ts';

/** A change of the listener by us. */
export type Change = {
  readonly operation: string;
  readonly arn: string;
  readonly was: Held;
  readonly at: Date;
};

/** What is known after an act, and of what was before it. */
export type Acted = {
  readonly act: Act;
  readonly position: Position;
  readonly before: readonly Handshaken[];
  readonly after: readonly Handshaken[];
  readonly held: Held;
  readonly heldBefore: Held;
  readonly changes: readonly Change[];
  /** All of the story so far. */
  readonly allChanges: readonly Change[];
  readonly deployment: Deployment | undefined;
  readonly deploymentBefore: Deployment | undefined;
  readonly record: CertificateRecord;
  readonly events: readonly LedgerEvent[];
  /** What somebody changed was neither put right nor told within the hour. */
  readonly isLeft: boolean;
  /** Somebody has changed something in this act or one before it. */
  readonly isTouched: boolean;
};
