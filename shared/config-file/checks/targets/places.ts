import { partitionOf, regionPattern } from '#shared/region.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { placeOf } from '#shared/targets/identities.ts';
import { regionAdvice } from '../../advice/texts.ts';
import type { Draft } from '../../draft.ts';
import { printable } from '../../messages/problem.ts';

export function placesCanBeReached({ account, region, certificates }: Draft): readonly Finding[] {
  if (account === null || region === null) return [];
  const home = { account, region };
  const findings: Finding[] = [];
  for (const { id, targets } of certificates) {
    for (const { at, value: target } of targets) {
      const path = ['certificates', id, 'targets', at];
      const place = placeOf(target, home);
      if (!regionPattern.test(place.region)) {
        findings.push({
          path: [...path, 'region'],
          value: printable(place.region),
          message: 'is not the name of an AWS region',
          fix: regionAdvice(place.region, path, null)?.fix ?? `Write a region such as ${region}.`,
        });
      } else if (partitionOf(place.region) !== partitionOf(region)) {
        findings.push({
          path,
          value: place.region,
          message: `is in the partition ${partitionOf(place.region)}, out of reach from ${region}`,
          fix: 'Install certkeep in that partition too, with a file of its own.',
        });
      }
    }
  }
  return findings;
}
