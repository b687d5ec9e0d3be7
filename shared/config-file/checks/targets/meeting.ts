import type { ChoiceCertificate } from '#shared/deploy/choice/choice.ts';
import type { Path } from '#shared/schema/finding.ts';
import type { Position } from '#shared/targets/target.ts';

/** A certificate of the file on one listener. `chosenBy` uses its id as the ARN. */
export type Bound = {
  readonly id: string;
  readonly path: Path;
  readonly position: Position;
  readonly chosenBy: ChoiceCertificate & {
    readonly names: readonly string[];
    readonly keyFamily: 'ecdsa' | 'rsa';
  };
};

/** The names of `of` for which clients with its key family get, or may get, `by`. */
export type Meeting = {
  readonly of: Bound;
  readonly by: Bound;
  /** The names as people wrote them. */
  readonly names: readonly string[];
  /** Says whether `of` may still answer for them, as far as AWS documents it. */
  readonly mayAnswer: boolean;
};
