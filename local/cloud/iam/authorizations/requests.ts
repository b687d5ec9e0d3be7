import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';

/** The condition keys of a request with their values. A missing key matches no condition. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One question to the policies: may the caller do this with that resource? */
export type AccessRequest = {
  /** The action as the Service Authorization Reference spells it: `s3:GetObject`. */
  readonly action: string;
  /** An ARN (with `*` where a new resource has no id yet), or `*` for actions without resources. */
  readonly resource: string;
  readonly context?: Context;
  /** The owner of the resource, where its ARN does not name one; the caller by default. */
  readonly owner?: string;
  /** The name of the resource in messages, where it is not the ARN. */
  readonly shown?: string;
  /** Called where AWS continues without the right, and leaves something out. */
  readonly ifDenied?: () => void;
};

/**
 * The rights that an operation needs for its input, by the Service Authorization Reference, and those that the operation's
 * documentation adds. Empty for a missing resource, since the service itself reports it. The input has the SDK's form.
 */
export type Row = (
  // biome-ignore lint/suspicious/noExplicitAny: each row types its own input with the SDK's types
  input: any,
  asker: Asker,
  resources: Resources,
) => readonly AccessRequest[];

export type Table = Readonly<Record<string, Row>>;

/** For actions without resource-level permissions. */
export function onAll(action: string): Row {
  return () => [{ action, resource: '*' }];
}

export type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

/** The tags that a request sends. */
export function requestTags(tags: readonly Tag[] | undefined): Context {
  if (!tags?.length) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': tags.map(({ Key = '' }) => Key),
  };
}

/** The tags of a resource; some services have them under a prefix of their own as well. */
export function resourceTags(
  tags: ReadonlyMap<string, string> | null,
  prefixes: readonly string[] = ['aws:ResourceTag'],
): Context {
  return Object.fromEntries(
    [...(tags ?? [])].flatMap(([key, value]) =>
      prefixes.map((prefix) => [`${prefix}/${key}`, value]),
    ),
  );
}

/** Includes only what the request contains: a header that was not sent is a missing key. */
export function given(
  context: Readonly<Record<string, string | number | boolean | undefined>>,
): Context {
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}
