import type { ChoiceCertificate } from '#shared/deploy/choice/choice.ts';
import type { Path } from '#shared/schema/finding.ts';
import type { Position } from '#shared/targets/target.ts';

/** A certificate of the file at one listener; what it is chosen by there has its id for an ARN. */
export type Bound = {
  readonly id: string;
  readonly path: Path;
  readonly position: Position;
  readonly chosenBy: ChoiceCertificate & {
    readonly names: readonly string[];
    readonly keyFamily: 'ecdsa' | 'rsa';
  };
};

/** Names of `of` that clients with keys of its family get, or may get, `by` for. */
export type Meeting = {
  readonly of: Bound;
  readonly by: Bound;
  /** As they are written. */
  readonly names: readonly string[];
  /** Whether `of` answers for them all the same, as far as AWS says. */
  readonly mayAnswer: boolean;
};
