import type { ImportLane } from '#shared/deploy/import/import-lane.ts';

/** Nobody else imports, and ACM counts nothing. */
export const freeLane: ImportLane = { turn: async () => undefined };
