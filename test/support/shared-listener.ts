import type { ConfigProblem } from '#shared/config-file/messages/problem.ts';
import type { Position } from '#shared/targets/target.ts';
import { albYaml, certificatesYaml, configYaml, parsed } from './config-yaml.ts';

/** A certificate at the one listener of a file; names as YAML, with commas between them. */
export type BoundYaml = readonly [id: string, names: string, position: Position, key?: string];

export const wild = '"*.example.com"';

/** What a file says of certificates that share a listener, other than that they are for the same names. */
export function warningsAtOneListener(...bound: readonly BoundYaml[]): readonly ConfigProblem[] {
  return warningsAt(albYaml, bound);
}

export function warningsAt(
  targetYaml: typeof albYaml,
  bound: readonly BoundYaml[],
): readonly ConfigProblem[] {
  const certificates = bound.map(([id, names, position, key = 'ecdsa-p256']) => [
    id,
    { names: `[${names}]`, key, targets: `[${targetYaml(position)}]` },
  ]);
  const text = certificatesYaml(Object.fromEntries(certificates));
  const { warnings } = parsed(configYaml({ certificates: text }));
  return warnings.filter(({ path }) => !path.endsWith('.names'));
}
