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
  /** SHA-256 of its bytes, lower-case hex: the functions believe nothing else. */
  readonly sha256: string;
};

/** The checked configuration travels as an asset, so that another one shows in `cdk diff` and is deployed as code is. */
export function createConfigAsset(scope: Construct, config: Config): ConfigAsset {
  const text = deployedText(config);
  const directory = FileSystem.mkdtemp('certkeep-');
  const path = join(directory, 'certkeep.json');
  writeFileSync(path, text);
  // Staged at once: the file is in the cloud assembly from here on.
  const asset = new Asset(scope, 'Config', { path });
  rmSync(directory, { recursive: true });
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { bucket: asset.s3BucketName, key: asset.s3ObjectKey, sha256 };
}
