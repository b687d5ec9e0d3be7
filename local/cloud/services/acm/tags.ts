import type {
  AddTagsToCertificateCommandInput,
  ListTagsForCertificateCommandInput,
  RemoveTagsFromCertificateCommandInput,
  Tag,
} from '@aws-sdk/client-acm';
import { AwsError, type Call } from '../../wire/service.ts';
import type { AcmCertificate } from './certificate.ts';
import { type AcmState, certificateOf } from './state.ts';

const maxTags = 50;

export function addTagsToCertificate(
  state: AcmState,
  { CertificateArn, Tags = [] }: AddTagsToCertificateCommandInput,
  call: Call,
) {
  addTags(certificateOf(state, CertificateArn, call), Tags);
  return {};
}

export function addTags(certificate: AcmCertificate, tags: readonly Tag[]): void {
  checkTags(certificate.tags, tags);
  for (const { Key, Value } of tags) certificate.tags.set(Key as string, Value ?? '');
}

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

/** A tag given with a value is removed only if the value is equal. */
export function removeTagsFromCertificate(
  state: AcmState,
  { CertificateArn, Tags = [] }: RemoveTagsFromCertificateCommandInput,
  call: Call,
) {
  const { tags } = certificateOf(state, CertificateArn, call);
  for (const { Key = '', Value } of Tags) {
    if (Value === undefined || Value === tags.get(Key)) tags.delete(Key);
  }
  return {};
}

export function listTagsForCertificate(
  state: AcmState,
  { CertificateArn }: ListTagsForCertificateCommandInput,
  call: Call,
) {
  const { tags } = certificateOf(state, CertificateArn, call);
  return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
}
