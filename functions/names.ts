/** The Lambda functions of the path, one file of this folder each, in its order. */
export const functionNames = ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'] as const;

export type FunctionName = (typeof functionNames)[number];

/** All that is bundled: besides them what answers CAs behind a load balancer, where the configuration asks for it. */
export const bundleNames = [...functionNames, 'challenge'] as const;

export type BundleName = (typeof bundleNames)[number];
