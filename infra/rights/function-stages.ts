import type { FunctionName } from '#shared/installation.ts';
import type { Stage } from '#shared/stage.ts';

/** Store runs within issue, so that a key never travels; import and rebind run together, since they share rate limits. */
export const stagesOf: Readonly<Record<FunctionName, readonly Stage[]>> = {
  check: ['check'],
  issue: ['issue', 'store'],
  deploy: ['import', 'rebind'],
  verify: ['verify'],
  sync: ['sync'],
  alert: ['alert'],
};
