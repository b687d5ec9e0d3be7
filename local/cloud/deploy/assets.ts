import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { DeployProblem } from './problem.ts';

/** A file or directory that `cdk deploy` publishes before the stacks that use it. */
export type FileAsset = {
  /** The content of the object; null for a directory, which would be a zip that nothing here unpacks. */
  readonly read: (() => Uint8Array) | null;
  /** The path in the assembly. */
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
};

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string(), packaging: z.enum(['zip', 'file']).default('file') }),
        destinations: z.record(
          z.string(),
          z.object({ bucketName: z.string(), objectKey: z.string(), region: z.string() }),
        ),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});

/** @throws DeployProblem for an asset that needs a build or is not a file */
export function readAssets(directory: string, id: string, text: unknown): readonly FileAsset[] {
  const parsed = assetsSchema.safeParse(text);
  if (!parsed.success) throw new DeployProblem(id, z.prettifyError(parsed.error));
  const { files, dockerImages } = parsed.data;
  const [image] = Object.keys(dockerImages);
  if (image) throw new DeployProblem(id, `the local cloud does not know Docker images (${image})`);
  return Object.values(files).flatMap(({ source, destinations }) => {
    const path = join(directory, source.path);
    const read = source.packaging === 'file' ? () => readFileSync(path) : null;
    return Object.values(destinations).map(({ bucketName, objectKey, region }) => ({
      read,
      path,
      bucket: bucketName,
      key: objectKey,
      region,
    }));
  });
}
