import * as z from 'zod';
import type { Call } from '../wire/service.ts';
import type { DeployableCloud } from './cloud.ts';

/** Where a resource is created, and what its template and assembly say beside its properties. */
export type Site = {
  readonly cloud: DeployableCloud;
  readonly call: Call;
  readonly logicalId: string;
  /** What CloudFormation names a resource that its template does not name. */
  readonly madeName: string;
  /** Where the directory lies that was published as that object; null where there is none. */
  directoryOf(bucket: string, key: string): string | null;
};

/** A resource that is there: what `Ref` and `Fn::GetAtt` give for it. */
export type Placed = {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

export type Before<Properties> = { readonly properties: Properties; readonly placed: Placed };

/** One resource type: the properties it understands, and what becomes of them. */
export type Provider<Properties> = {
  /** Strict: a property that is not here stops the deployment. */
  readonly properties: z.ZodType<Properties>;
  /** The properties of which a change makes another resource. */
  readonly identity: readonly (keyof Properties & string)[];
  /** Creates the resource, or changes the one that is there. */
  put(properties: Properties, site: Site, before: Before<Properties> | null): Placed;
  remove(before: Before<Properties>, site: Site): void;
};

/** Ties the properties of a provider to its schema. */
export function provider<Properties>(given: Provider<Properties>): Provider<Properties> {
  return given;
}

/** What is wrong with properties, and above all which of them nothing here understands. */
export function explain(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) => {
      const path = issue.path.join('.');
      if (issue.code !== 'unrecognized_keys')
        return [`${path || 'the properties'}: ${issue.message}`];
      return issue.keys.map(
        (key) => `local/ does not know the property ${[path, key].filter(Boolean).join('.')}`,
      );
    })
    .join('; ');
}

/** A policy is kept as it is given. */
export const policyDocument = z.record(z.string(), z.unknown());
