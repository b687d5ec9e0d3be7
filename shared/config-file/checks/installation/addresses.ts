import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

/** A topic subscribes an address once, with one filter policy. */
export function addressesStandOnce({ alerts }: Draft): readonly Finding[] {
  const seen = new Set<string>();
  return alerts.email.flatMap(({ path, value: { address } }) => {
    const known = seen.has(address.toLowerCase());
    seen.add(address.toLowerCase());
    const fix = 'Keep one of the two, with the "owners:" and "severities:" of both.';
    return known ? [{ path, message: 'is listed twice', fix }] : [];
  });
}

/** https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html: values of one, policies of a topic. */
const most = { combinations: 150, policies: 200 };

export function addressesChooseLittle({ alerts }: Draft): readonly Finding[] {
  const choosing = alerts.email.filter(({ value: { owners, severities } }) => owners ?? severities);
  const over = choosing.slice(most.policies, most.policies + 1).map(({ path }) => ({
    path,
    message: `is one of ${choosing.length} addresses that hear only of a part, and SNS takes ${most.policies}`,
    fix: 'Let several people share an address, such as a mailing list.',
  }));
  const large = choosing.flatMap(({ at, value: { owners = [], severities } }) => {
    const times = severities?.length ?? 1;
    if (owners.length * times <= most.combinations) return [];
    const message = `are ${owners.length} owners with ${times} severities, and SNS takes ${most.combinations} combinations`;
    const fix = `Write at most ${most.combinations / times} owners, or leave "owners:" out.`;
    return [{ path: ['alerts', 'email', at, 'owners'], message, fix }];
  });
  return [...over, ...large];
}

/** A message about all certificates carries every owner, with 63 letters each, and SNS takes 256 KB. */
const mostOwners = 1_000;

export function ownersFitIntoMessages({ certificates }: Draft): readonly Finding[] {
  const first = new Map(certificates.map(({ id, owner }) => [owner, id]));
  first.delete(null);
  const message = `is one of ${first.size} owners, and a message carries at most ${mostOwners}`;
  const fix = 'Name owners that have several certificates, such as teams.';
  return [...first.values()]
    .slice(mostOwners, mostOwners + 1)
    .map((id) => ({ path: ['certificates', id, 'owner'], message, fix }));
}
