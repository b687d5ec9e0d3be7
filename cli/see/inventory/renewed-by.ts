import type { Config } from '#shared/config/config.ts';
import { adoptedTag, certificateTag } from '#shared/deploy/import/acm.ts';
import { managedTag } from '#shared/installation.ts';
import type { Found, Listed, Renewer } from './found.ts';

/** The file whose certificates certkeep keeps; null where none was read. */
export type Kept = Pick<Config, 'installation' | 'certificates'> | null;

/** Says of each certificate who renews it, in the order in which they end. */
export function inventoryOf(all: readonly Found[], kept: Kept): readonly Listed[] {
  const latest = latestOfEach(all);
  return all
    .map((each) => ({ ...each, renewedBy: renewedBy(each, kept, latest) }))
    .toSorted((one, other) => (one.endsAt ?? never).localeCompare(other.endsAt ?? never));
}

const never = '9999';

function renewedBy(found: Found, kept: Kept, latest: ReadonlyMap<string, string>): Renewer {
  return found.isImported ? ofImported(found, kept, latest) : ofAmazon(found);
}

/** https://docs.aws.amazon.com/acm/latest/userguide/check-certificate-renewal-status.html */
function ofAmazon({ isEligible, renewalStatus }: Found): Renewer {
  if (renewalStatus === 'FAILED') return nobody('the renewal by ACM has failed');
  if (renewalStatus === 'PENDING_VALIDATION') return nobody('ACM waits for a validation');
  return isEligible ? { kind: 'acm', why: null } : nobody('ACM says that it cannot');
}

function ofImported(found: Found, kept: Kept, latest: ReadonlyMap<string, string>): Renewer {
  const owner = ownerOf(found);
  if (owner === null) return nobody('imported by somebody');
  const { id, installation } = owner;
  if (id !== null && latest.get(keyOf(found, owner)) !== found.arn) {
    return nobody('certkeep has a later one for it');
  }
  const isGone =
    kept?.installation === installation &&
    id !== null &&
    !kept.certificates.some((each) => each.id === id);
  return isGone ? nobody(`${id} is not in the file`) : { kind: 'certkeep', why: null };
}

type Owner = { readonly installation: string; readonly id: string | null };

function ownerOf({ tags }: Found): Owner | null {
  const { [managedTag]: installation, [certificateTag]: made, [adoptedTag]: adopted } = tags;
  return installation === undefined ? null : { installation, id: made ?? adopted ?? null };
}

function keyOf({ account, region }: Found, { id, installation }: Owner): string {
  return `${account}/${region} ${installation} ${id}`;
}

/** By certificate and place, the ARN that ends last: certkeep renews no other one. */
function latestOfEach(all: readonly Found[]): ReadonlyMap<string, string> {
  const latest = new Map<string, Found>();
  for (const found of all) {
    const owner = ownerOf(found);
    if (owner === null || owner.id === null) continue;
    const key = keyOf(found, owner);
    const known = latest.get(key);
    if (!known || (known.endsAt ?? '') < (found.endsAt ?? '')) latest.set(key, found);
  }
  return new Map([...latest].map(([key, { arn }]) => [key, arn]));
}

function nobody(why: string): Renewer {
  return { kind: 'nobody', why };
}
