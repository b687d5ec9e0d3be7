/** The Lambda functions, one file of this folder each, in the order of the path. */
export const functionNames = ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'] as const;

export type FunctionName = (typeof functionNames)[number];
