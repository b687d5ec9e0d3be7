/** The path of a certificate. One word per stage everywhere: file, log field, error owner, runbook heading. */
export const stages = [
  'check',
  'issue',
  'store',
  'import',
  'rebind',
  'verify',
  'sync',
  'alert',
] as const;

export type Stage = (typeof stages)[number];
