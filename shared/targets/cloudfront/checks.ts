import { partitionOf } from '#shared/region.ts';
import type { PluginCheck } from '#shared/schema/plugin-check.ts';

/** Elsewhere there is no CloudFront, or none that takes a certificate from ACM. */
export const partitionHasCloudFront: PluginCheck<unknown> = (own, { region }) => {
  const partition = region === null ? 'aws' : partitionOf(region);
  if (partition === 'aws') return [];
  const advice =
    partition === 'aws-cn'
      ? {
          message: 'cannot be bound: CloudFront in China takes no certificates from ACM',
          fix: 'Upload the certificate to IAM and choose it there (aws iam upload-server-certificate --path /cloudfront/ …), and leave the target out.',
        }
      : {
          message: `cannot be bound: there is no CloudFront in the partition ${partition}`,
          fix: 'Install certkeep for it in an account of the partition aws, and leave the target out here.',
        };
  return own.map(({ path }) => ({ path: [...path, 'type'], ...advice }));
};
