import type { NamedCall } from './calls.ts';

/** One fault at one call. */
export type Strike = { readonly call: NamedCall; readonly fault: string };

/** The strikes of one world; without a strike, it shows which calls there are. */
export type Case = {
  readonly setting: string;
  readonly seed: number;
  readonly strikes: readonly Strike[];
};

export function nameOf({ call, fault }: Strike): string {
  return `${fault} at ${call.id}`;
}
