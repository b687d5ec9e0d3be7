import { execFile } from 'node:child_process';

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs the command as a person does who has nothing in the environment but what is given. */
export function runCertkeep(
  args: readonly string[],
  given: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const { NO_COLOR: _, COLUMNS: __, ...rest } = process.env;
  const own = Object.entries(rest).filter(([name]) => !name.startsWith('AWS_'));
  const env = { ...Object.fromEntries(own), ...given };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['cli/certkeep.ts', ...args], { env }, (_, out, err) =>
      resolve({ code: child.exitCode, stdout: out, stderr: err }),
    );
  });
}
