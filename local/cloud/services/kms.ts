import { createHash } from 'node:crypto';
import { addMs, type Clock, dayMs } from '../clock.ts';
import { arnOf } from '../wire/arn.ts';
import type { Place } from '../wire/place.ts';
import { AwsError } from '../wire/service.ts';

export type Key = {
  /** Begins with `mrk-` where the key may have replicas, which share the id. */
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Null for a single-Region key or a primary one. */
  readonly primaryArn: string | null;
  readonly description: string;
  /** The time at which the key disappears; nobody may use it until then. Null for a key that stays. */
  readonly deletedAt: Date | null;
};

const uuidParts = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** KMS keys and their aliases. The key policy says who may use a key, and IAM evaluates it. */
export type Kms = {
  createKey(place: Place, wanted: { multiRegion: boolean; description: string }): Key;
  replicateKey(place: Place, wanted: { primaryArn: string; description: string }): Key;
  /** Disables the key and its replicas now, and deletes them in this many days. */
  scheduleKeyDeletion(arn: string, days: number): void;
  cancelKeyDeletion(arn: string): void;
  createAlias(place: Place, name: string, keyIdOrArn: string): void;
  updateAlias(place: Place, name: string, keyIdOrArn: string): void;
  deleteAlias(place: Place, name: string): void;
  /** Finds a key by ARN, id or alias; null where that account and region has none. */
  find(place: Place, keyIdArnOrAlias: string): Key | null;
};

export function kms({ clock }: { readonly clock: Clock }): Kms {
  const keys = new Map<string, Key>();
  const aliases = new Map<string, string>();
  let created = 0;

  const keyArn = (place: Place, path: string) => arnOf('kms', place, path);

  function find(place: Place, wanted: string): Key | null {
    const arn = wanted.startsWith('arn:') ? wanted : keyArn(place, pathOf(wanted));
    const key = standing(aliases.get(arn) ?? arn);
    return key?.deletedAt === null ? key : null;
  }

  /** Also returns a key whose deletion is pending. */
  function standing(arn: string): Key | null {
    const key = keys.get(arn) ?? null;
    const isGone = key?.deletedAt && key.deletedAt <= clock.now();
    if (isGone) keys.delete(arn);
    return isGone ? null : key;
  }

  function existing(place: Place, wanted: string): Key {
    const key = find(place, wanted);
    if (key) return key;
    throw new AwsError('NotFoundException', `Key '${wanted}' does not exist`);
  }

  function add(place: Place, key: Pick<Key, 'id' | 'primaryArn' | 'description'>): Key {
    const { account, region } = place;
    const arn = keyArn(place, `key/${key.id}`);
    const added = { ...key, account, region, arn, deletedAt: null };
    keys.set(added.arn, added);
    return added;
  }

  return {
    createKey(place, { multiRegion, description }) {
      created += 1;
      // The id is not random, so that the same stacks name the same key in every cloud.
      const made = createHash('sha256').update(`${place.account} ${place.region} ${created}`);
      const digits = made.digest('hex').slice(0, 32);
      const id = multiRegion ? `mrk-${digits}` : digits.replace(uuidParts, '$1-$2-$3-$4-$5');
      return add(place, { id, primaryArn: null, description });
    },
    replicateKey(place, { primaryArn, description }) {
      const { id, account, region } = existing(place, primaryArn);
      if (!id.startsWith('mrk-') || account !== place.account || region === place.region) {
        throw new AwsError(
          'UnsupportedOperationException',
          `${primaryArn} cannot be replicated to ${place.region}`,
        );
      }
      // The old replica blocks a new one until it is deleted (API_ReplicateKey.html).
      const there = standing(keyArn(place, `key/${id}`));
      if (there) {
        const state = there.deletedAt ? ', its deletion is pending' : '';
        throw new AwsError('AlreadyExistsException', `${id} is already in ${place.region}${state}`);
      }
      return add(place, { id, primaryArn, description });
    },
    scheduleKeyDeletion(arn, days) {
      const deletedAt = addMs(clock.now(), days * dayMs);
      for (const key of keys.values()) {
        if (key.arn === arn || key.primaryArn === arn) keys.set(key.arn, { ...key, deletedAt });
      }
    },
    cancelKeyDeletion(arn) {
      const key = standing(arn);
      if (!key?.deletedAt) throw new AwsError('KMSInvalidStateException', `${arn} is not pending`);
      keys.set(arn, { ...key, deletedAt: null });
    },
    createAlias(place, name, keyIdOrArn) {
      const arn = aliasArn(place, name);
      if (aliases.has(arn)) {
        throw new AwsError(
          'AlreadyExistsException',
          `An alias with the name ${arn} already exists`,
        );
      }
      aliases.set(arn, existing(place, keyIdOrArn).arn);
    },
    updateAlias: (place, name, keyIdOrArn) =>
      void aliases.set(aliasArn(place, name), existing(place, keyIdOrArn).arn),
    deleteAlias: (place, name) => void aliases.delete(aliasArn(place, name)),
    find,
  };

  function aliasArn(place: Place, name: string): string {
    if (/^alias\/(?!aws\/)[\w/-]{1,250}$/.test(name)) return keyArn(place, name);
    throw new AwsError('InvalidAliasNameException', `${name} is not the name of an alias`);
  }
}

function pathOf(idOrAlias: string): string {
  return idOrAlias.startsWith('alias/') ? idOrAlias : `key/${idOrAlias}`;
}
