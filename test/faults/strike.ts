import type { NamedCall } from './calls.ts';

/** One fault at one call. */
export type Strike = { readonly call: NamedCall; readonly fault: string };

export function nameOf({ call, fault }: Strike): string {
  return `${fault} at ${call.id}`;
}
