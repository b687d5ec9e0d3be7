import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Assembly, readAssembly } from 'local-cloud/deploy/assembly.ts';

/** The functions' waits in milliseconds, which the app takes as its context `timings`. */
export type Timings = {
  readonly pollMs: number;
  readonly spreadMs: number;
  readonly reprobeMs: number;
  readonly retryDelaysMs: readonly number[];
};

/** The app ended without an assembly; the message is its output. */
export class SynthFailed extends Error {
  constructor(said: string) {
    super(said);
    this.name = 'SynthFailed';
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export function configFileIn(directory: string): string {
  return join(directory, 'certkeep.yaml');
}

/**
 * Synthesizes the app for a configuration, as `cdk synth` does: in a separate process, whose environment says where to
 * write and what the context is. The assembly is in `<directory>/cdk.out`.
 * @throws SynthFailed with the app's output
 */
export async function synthesize(options: {
  readonly configText: string;
  readonly home: { readonly account: string; readonly region: string };
  readonly timings: Timings;
  readonly directory: string;
}): Promise<Assembly> {
  const { configText, directory, home, timings } = options;
  const config = configFileIn(directory);
  await writeFile(config, configText);
  const outdir = join(directory, 'cdk.out');
  const { PATH = '', HOME = '' } = process.env;
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: {
      PATH,
      HOME,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ config, timings: JSON.stringify(timings) }),
      CDK_DEFAULT_ACCOUNT: home.account,
      CDK_DEFAULT_REGION: home.region,
      // A deployment here also refuses what validation would find, and validation takes longer than all the rest.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    app.once('error', reject).once('close', resolve);
  });
  const said = await text(app.stderr);
  if ((await ended) !== 0) throw new SynthFailed(said.trim());
  return readAssembly(outdir);
}
