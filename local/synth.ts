import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Assembly, readAssembly } from './deploy/assembly.ts';

/** How long the functions wait, in milliseconds: what the app takes as its context `timings`. */
export type Timings = {
  readonly pollMs: number;
  readonly spreadMs: number;
  readonly reprobeMs: number;
  readonly retryDelaysMs: readonly number[];
};

/** The app ended without an assembly; the message is what it said. */
export class SynthFailed extends Error {
  constructor(said: string) {
    super(said);
    this.name = 'SynthFailed';
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Synthesizes the app for a configuration, as `cdk synth` does: a process of its own that is told by its
 * environment where to write and what the context is. The assembly is in `<directory>/cdk.out`.
 * @throws SynthFailed with the words of the app
 */
export async function synthesize(options: {
  readonly configText: string;
  readonly home: { readonly account: string; readonly region: string };
  readonly timings: Timings;
  readonly directory: string;
}): Promise<Assembly> {
  const { configText, directory, home, timings } = options;
  const config = join(directory, 'certkeep.yaml');
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
      // What it would find, a deployment here refuses, too; it takes longer than all the rest.
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
