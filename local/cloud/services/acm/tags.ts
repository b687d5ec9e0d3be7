import type { Tag } from '@aws-sdk/client-acm';
import { AwsError } from '../../wire/service.ts';
import type { AcmCertificate } from './certificate.ts';

const maxTags = 50;

export function checkTags(existing: ReadonlyMap<string, string>, added: readonly Tag[]): void {
  for (const { Key, Value } of added) {
    if (!Key || Key.length > 128 || Key.startsWith('aws:') || (Value ?? '').length > 256) {
      throw new AwsError('InvalidTagException', `The tag '${Key}' is not valid.`);
    }
  }
  const keys = new Set([...existing.keys(), ...added.map((tag) => tag.Key)]);
  if (keys.size > maxTags) {
    throw new AwsError('TooManyTagsException', `A certificate has at most ${maxTags} tags.`);
  }
}

export function addTags(certificate: AcmCertificate, tags: readonly Tag[]): void {
  checkTags(certificate.tags, tags);
  for (const { Key, Value } of tags) certificate.tags.set(Key as string, Value ?? '');
}

/** A tag given with a value is removed only if the value is equal (RemoveTagsFromCertificate). */
export function removeTags(certificate: AcmCertificate, tags: readonly Tag[]): void {
  for (const { Key, Value } of tags) {
    const held = certificate.tags.get(Key as string);
    if (Value === undefined || Value === held) certificate.tags.delete(Key as string);
  }
}

export function tagsOf(certificate: AcmCertificate): Tag[] {
  return [...certificate.tags].map(([Key, Value]) => ({ Key, Value }));
}
