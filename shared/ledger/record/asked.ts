import type { Deployment } from './record.ts';

/** Says whether the target has an address that can be asked. */
export function isAskable({ host }: { readonly host: string }): boolean {
  return host !== '';
}

/** Says whether its endpoint is asked: elsewhere a proof only says what the target holds. */
export function isAsked({ endpoint }: { readonly endpoint?: Deployment['endpoint'] }): boolean {
  return endpoint === undefined || isAskable(endpoint);
}
