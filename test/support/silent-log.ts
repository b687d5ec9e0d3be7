import type { Log } from '#shared/log.ts';

/** Where nobody reads what is logged. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
