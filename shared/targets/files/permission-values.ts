import type { Place } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';

type Pushed = {
  readonly push?:
    | {
        readonly document: string;
        readonly instances?: readonly string[] | undefined;
        readonly tag?: { readonly key: string; readonly values: readonly string[] } | undefined;
      }
    | undefined;
};

/** Only a synthesis asks for them, so that no function carries this. `place` is that of the hosts. */
export function permissionValues({ push }: Pushed, place: Place) {
  const { instances = [], tag } = push ?? {};
  return {
    push: push ? ['push'] : [],
    document: push ? [documentArn(push.document, place)] : [],
    instance: instances.filter((id) => id.startsWith('i-')),
    managedInstance: instances.filter((id) => id.startsWith('mi-')),
    tagKey: tag ? [tag.key] : [],
    tagValue: tag?.values ?? [],
  };
}

/** The name or ARN of a document of the user's. */
function documentArn(document: string, { account, region }: Place): string {
  if (document.startsWith('arn:')) return document;
  return `arn:${partitionOf(region)}:ssm:${region}:${account}:document/${document}`;
}
