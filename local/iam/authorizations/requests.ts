import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';

/** Condition keys and what they hold in a request; what is not there, no condition finds. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One question to the policies: may the caller do this with that? */
export type AccessRequest = {
  /** As the Service Authorization Reference spells it: `s3:GetObject`. */
  readonly action: string;
  /** An ARN (with `*` where what is created has no id yet), or `*` for actions that know no resource. */
  readonly resource: string;
  readonly context?: Context;
  /** Whose the resource is, where its ARN does not say so; the caller's unless given. */
  readonly owner?: string;
  /** How messages name the resource, where they do not by its ARN. */
  readonly shown?: string;
  /** Where AWS goes on without the right, and what then does not happen. */
  readonly ifDenied?: () => void;
};

/**
 * What an operation needs, from its input: by the Service Authorization Reference, with the rights that
 * the documentation of the operation asks for beside its own. Nothing for what is not there: the service
 * itself says so. The input is the SDK's.
 */
export type Row = (
  // biome-ignore lint/suspicious/noExplicitAny: each row types its own input with the SDK's types
  input: any,
  asker: Asker,
  resources: Resources,
) => readonly AccessRequest[];

export type Table = Readonly<Record<string, Row>>;

/** For actions without a resource level. */
export function onAll(action: string): Row {
  return () => [{ action, resource: '*' }];
}

export type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

/** The tags that a request brings. */
export function requestTags(tags: readonly Tag[] | undefined): Context {
  if (!tags?.length) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': tags.map(({ Key = '' }) => Key),
  };
}

/** The tags that a resource has, under a service's own prefix as well where it has one. */
export function resourceTags(
  tags: ReadonlyMap<string, string> | null,
  ownPrefix?: string,
): Context {
  const prefixes = ownPrefix ? ['aws:ResourceTag', ownPrefix] : ['aws:ResourceTag'];
  return Object.fromEntries(
    [...(tags ?? [])].flatMap(([key, value]) =>
      prefixes.map((prefix) => [`${prefix}/${key}`, value]),
    ),
  );
}

/** Only what the request says: a header that was not sent is a key that does not exist. */
export function given(
  context: Readonly<Record<string, string | number | boolean | undefined>>,
): Context {
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}
