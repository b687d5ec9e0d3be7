import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { type TargetConfig, targetSpecs } from '#shared/targets/specs.ts';
import type { TargetSpec } from '#shared/targets/target.ts';
import type { Draft } from '../../draft.ts';
import { keysServedBy } from '../../keys-of-entry.ts';

export function targetsServeKeys({ certificates }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { id, key, targets } of certificates) {
    for (const { at, value: target } of targets) {
      const served = keysServedBy(target);
      if (key === null || served.includes(key)) continue;
      const orStore = mayTake(target, key) ? 'Write "store: iam", or ' : 'Write ';
      findings.push({
        path: ['certificates', id, 'targets', at, 'type'],
        message: `cannot serve the ${key} key of this certificate from ACM`,
        fix: `${orStore}"key: ${served.join(' or ')}", or give this target a certificate of its own with such a key.`,
      });
    }
  }
  return findings;
}

function mayTake(target: TargetConfig, key: KeyAlgorithm): boolean {
  const { keyAlgorithmsFromIam = [] }: TargetSpec = targetSpecs[target.type];
  return keyAlgorithmsFromIam.includes(key);
}
