import * as z from 'zod';
import type { Call } from '../wire/service.ts';
import type { DeployableCloud } from './cloud.ts';

/** The place of a resource, with facts from its template and assembly besides its properties. */
export type Site = {
  readonly cloud: DeployableCloud;
  readonly call: Call;
  readonly logicalId: string;
  /** The name that CloudFormation gives a resource without a name in its template. */
  readonly madeName: string;
  /** The directory that was published as that object; null where there is none. */
  directoryOf(bucket: string, key: string): string | null;
};

/** An existing resource: the values of `Ref` and `Fn::GetAtt`. */
export type Placed = {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

export type Before<Properties> = { readonly properties: Properties; readonly placed: Placed };

/** One resource type: the properties that it understands, and how it applies them. */
export type Provider<Properties> = {
  /** The schema is strict: an unknown property stops the deployment. */
  readonly properties: z.ZodType<Properties>;
  /** A change of these properties replaces the resource. */
  readonly identity: readonly (keyof Properties & string)[];
  /** Creates the resource, or changes the existing one. */
  put(properties: Properties, site: Site, before: Before<Properties> | null): Placed;
  remove(before: Before<Properties>, site: Site): void;
};

/** Ties the properties of a provider to its schema. */
export function provider<Properties>(given: Provider<Properties>): Provider<Properties> {
  return given;
}

/** Explains wrong properties, and first those that are unknown here. */
export function explain(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) => {
      const path = issue.path.join('.');
      if (issue.code !== 'unrecognized_keys')
        return [`${path || 'the properties'}: ${issue.message}`];
      return issue.keys.map(
        (key) =>
          `the local cloud does not know the property ${[path, key].filter(Boolean).join('.')}`,
      );
    })
    .join('; ');
}

/** A policy is stored as it is given. */
export const policyDocument = z.record(z.string(), z.unknown());
