import type { Finding } from '#shared/schema/finding.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import type { TargetSpec } from '#shared/targets/target.ts';
import type { Draft } from '../../draft.ts';

export function targetsServeKeys({ certificates }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { id, key, targets } of certificates) {
    for (const { at, value: target } of targets) {
      const spec: TargetSpec = targetSpecs[target.type];
      if (key === null || spec.keyAlgorithms.includes(key)) continue;
      const possible = spec.keyAlgorithms.join(' or ');
      findings.push({
        path: ['certificates', id, 'targets', at, 'type'],
        message: `cannot serve the ${key} key of this certificate from ACM`,
        fix: `Write "key: ${possible}", or give this target a certificate of its own with such a key.`,
      });
    }
  }
  return findings;
}
