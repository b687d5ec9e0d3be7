import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import type { RunningService } from './service-of.ts';

/** One operation as the SDK's runtime schema describes it: `[9, namespace, name, traits, input, output]`. */
export type Operation = {
  readonly name: string;
  /** Method, path template and success status of the REST protocols. */
  readonly http: readonly [method: string, template: string, status: number];
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
};

const operationTag = 9;
const structureTag = 3;
const errorTag = -3;

const known = new WeakMap<RunningService['module'], ReadonlyMap<string, Operation>>();

/** The operations of a service's SDK module, read once for all clouds of this process. */
export function operationsOf({ module }: RunningService): ReadonlyMap<string, Operation> {
  const operations = known.get(module) ?? readOperations(module);
  known.set(module, operations);
  return operations;
}

function readOperations(module: RunningService['module']): ReadonlyMap<string, Operation> {
  const found = Object.entries(module).filter(
    (entry): entry is [string, StaticOperationSchema] =>
      entry[0].endsWith('$') && Array.isArray(entry[1]) && entry[1][0] === operationTag,
  );
  return new Map(found.map(([, schema]) => [schema[2], operationOf(schema)]));
}

function operationOf([, , name, traits, input, output]: StaticOperationSchema): Operation {
  const http = (typeof traits === 'object' && traits.http) || ['POST', '/', 200];
  return {
    name,
    http: http as Operation['http'],
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
  };
}

/** The code and HTTP status of an error, from its shape where the service models it. */
export function wireError(service: RunningService, name: string) {
  const schema = service.module[`${name}$`];
  if (!Array.isArray(schema) || schema[0] !== errorTag) return null;
  const { awsQueryError, httpError } = NormalizedSchema.of(
    schema as unknown as StaticStructureSchema,
  ).getMergedTraits() as { awsQueryError?: [string, number]; httpError?: number };
  return {
    shape: `${schema[1]}#${schema[2]}`,
    code: awsQueryError?.[0] ?? name,
    status: awsQueryError?.[1] ?? httpError,
  };
}

/** The same structure under another name, or with some members only, to write one part of a message's body. */
export function part(
  schema: NormalizedSchema,
  name: string,
  wanted: (member: NormalizedSchema) => boolean = () => true,
): { readonly schema: NormalizedSchema; readonly empty: boolean } {
  const members = membersOf(schema).filter(([, member]) => wanted(member));
  const { xmlName: _, ...traits } = schema.getMergedTraits();
  const structure: StaticStructureSchema = [
    structureTag,
    'certkeep.local',
    name,
    traits,
    members.map(([memberName]) => memberName),
    members.map(([, member]) => member),
  ];
  return { schema: NormalizedSchema.of(structure), empty: members.length === 0 };
}

export function membersOf(schema: NormalizedSchema): [string, NormalizedSchema][] {
  return schema.isStructSchema() ? [...schema.structIterator()] : [];
}

/** The names of the members that a request must have: the schema lists them first and counts them. */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const structure = schema.getSchema();
  if (!Array.isArray(structure)) return [];
  const [, , , , names, , count] = structure as StaticStructureSchema;
  return (names ?? []).slice(0, count ?? 0);
}
