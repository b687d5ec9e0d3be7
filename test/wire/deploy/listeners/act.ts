import type { ChoiceRules, Position } from '#shared/targets/target.ts';

/** Those that an ALB and an NLB both take, one of each family. */
export type Key = 'rsa-2048' | 'ecdsa-p256';

/** Somebody else's certificate, by what decides whether it is chosen. */
export type Foreign = {
  readonly names: readonly string[];
  readonly key: Key;
  /** By the time that the story begins, within its first day, or long after it. */
  readonly ends: 'before' | 'soon' | 'later';
};

/** What a person does to the listener; `foreign` is an index into the story's certificates. */
export type HandChange =
  | { readonly do: 'set-default' | 'list' | 'unlist'; readonly foreign: number }
  | { readonly do: 'unlist-ours' };

export type Act = (
  | { readonly do: 'issue'; readonly key: Key }
  | { readonly do: 'by-hand' }
  | { readonly do: 'contest' }
  | { readonly do: 'move'; readonly position: Position }
  | { readonly do: 'wait'; readonly hours: number }
) & {
  readonly change: HandChange | null;
  /** Before this call to Elastic Load Balancing of the runs that follow; null between runs. */
  readonly atCall: number | null;
  /** The nodes do not hear of any change for the first half hour. */
  readonly isStuck: boolean;
  /** The first run of deploy dies after so many effects. */
  readonly diesAfter: number | null;
};

/** The rules by which its clients get a certificate. */
export function rulesOf({ kind }: Story): ChoiceRules {
  return kind === 'clb' ? 'single' : kind;
}

export type Story = {
  readonly seed: number;
  readonly kind: 'alb' | 'nlb' | 'clb';
  readonly position: Position;
  /** Ours. */
  readonly names: readonly string[];
  readonly foreign: readonly Foreign[];
  /** Index of the default; those that stand in the list, where it may stand as well. */
  readonly standard: number;
  readonly list: readonly number[];
  readonly acts: readonly Act[];
};
