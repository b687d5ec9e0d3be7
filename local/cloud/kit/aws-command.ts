import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realParts } from './real-parts.ts';

export type AwsCommand = {
  /**
   * Runs one operation (`acm`, `ListCertificates`, `--max-items`, `2`) and reads what it prints, null where
   * it prints nothing.
   * @throws Error with what the command line says of a refusal
   */
  // biome-ignore lint/suspicious/noExplicitAny: the answer's shape is the operation's, and the test looks at it
  run(service: string, operation: string, ...args: readonly string[]): Promise<any>;
  /** A file for an argument of the `fileb://` kind. */
  file(name: string, content: string): Promise<string>;
  /** Every operation that was run and succeeded, as `service Operation`. */
  readonly driven: ReadonlySet<string>;
  close(): Promise<void>;
};

const region = 'us-east-1';

/** The aws command line as a program: no configuration of this machine, and JSON. */
export async function awsCommand(endpoint: string): Promise<AwsCommand> {
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-aws-'));
  const driven = new Set<string>();
  const always = ['--endpoint-url', endpoint, '--region', region, '--output', 'json'];
  return {
    async run(service, operation, ...args) {
      const words = [...always, commandService(service), commandOf(operation), ...args];
      const { stdout } = await promisify(execFile)(realParts.aws ?? 'aws', words, {
        cwd: directory,
        env: commandEnvironment(directory),
      });
      driven.add(`${service} ${operation}`);
      return stdout.trim() === '' ? null : JSON.parse(stdout);
    },
    async file(name, content) {
      const path = join(directory, name);
      await writeFile(path, content);
      return path;
    },
    driven,
    close: () => rm(directory, { recursive: true }),
  };
}

/** Nothing of the person who runs the tests: neither profiles nor credentials. */
export function commandEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_ACCESS_KEY_ID: 'AKIAVISITOR',
    AWS_SECRET_ACCESS_KEY: 'visitor',
  };
}

function commandService(id: string): string {
  return id === 's3' ? 's3api' : id;
}

/** `ListObjectsV2` is `list-objects-v2`. */
function commandOf(operation: string): string {
  return operation
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
