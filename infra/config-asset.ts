import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { deployedText } from '#shared/config/deployed.ts';

export type ConfigAsset = {
  readonly bucket: string;
  readonly key: string;
  /** SHA-256 of its bytes in lower-case hex: the functions accept no other configuration. */
  readonly sha256: string;
};

/** Deploys the checked configuration as an asset, so that a change shows in `cdk diff` and is deployed like code. */
export function createConfigAsset(scope: Construct, config: Config): ConfigAsset {
  const text = deployedText(config);
  const directory = FileSystem.mkdtemp('certkeep-');
  const path = join(directory, 'certkeep.json');
  writeFileSync(path, text);
  // CDK copies the file into the cloud assembly at once.
  const asset = new Asset(scope, 'Config', { path });
  rmSync(directory, { recursive: true });
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { bucket: asset.s3BucketName, key: asset.s3ObjectKey, sha256 };
}
