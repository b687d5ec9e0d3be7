import { execFile } from 'node:child_process';
import type { Mutation } from './mutations/mutations.ts';
import type { Summary } from './report.ts';

export type Told = { readonly summary: Summary; readonly output: string };

const hook = new URL('./mutations/hook.ts', import.meta.url).href;
const command = new URL('./run.ts', import.meta.url).pathname;

/** Runs `npm run faults` in a separate process, with a broken rule if one is given. */
export function faultsCommand(args: readonly string[], mutation?: Mutation): Promise<Told> {
  const imports = mutation ? ['--import', hook] : [];
  const env = { ...process.env, CERTKEEP_MUTATION: mutation?.name };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [...imports, command, ...args, '--json'],
      { env },
      (error, out, err) => {
        const summary = /\{.*\}\s*$/.exec(out)?.[0];
        if (summary) resolve({ summary: JSON.parse(summary), output: out });
        else reject(new Error(`no summary: ${err || out}`, { cause: error }));
      },
    );
  });
}
