import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { commandEnvironment } from 'local-cloud/kit/aws-command.ts';
import { realParts } from 'local-cloud/kit/real-parts.ts';

/** Returns what a command prints in a shell that was given those lines before. @throws Error where it fails */
export async function typed(
  command: string,
  {
    directory,
    preparation,
  }: { readonly directory: string; readonly preparation: readonly string[] },
): Promise<string> {
  // Through a pipe, as into `jq`: what a program of Node's is given as /dev/stdout cannot be opened.
  const script = ['shopt -s expand_aliases', ...preparation, '{', command, '} | cat'].join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', script], {
    cwd: directory,
    env: shellEnvironment(directory),
  });
  return stdout;
}

/** Without the credentials of the tests: the printed lines bring their own. */
function shellEnvironment(home: string): Record<string, string> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...others } = commandEnvironment(home);
  const folder = realParts.aws ? [dirname(realParts.aws)] : [];
  return { ...others, PATH: [...folder, others.PATH].join(delimiter) };
}

/** Ends a process, and returns its exit status. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return child.exitCode;
}

const lookEveryMs = 100;

/** Looks until it is so. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  longestMs: number,
): Promise<void> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > longestMs) throw new Error(`not so in ${longestMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
