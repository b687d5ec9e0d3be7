import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from './protocol.ts';
import { membersOf, part } from './schema.ts';

export type BodyReader = (schema: NormalizedSchema, bytes: Uint8Array) => unknown;

export const stringSettings = {
  timestampFormat: { useTrait: true, default: 5 as const },
  httpBindings: true,
};

const strings = new FromStringShapeDeserializer(stringSettings);

/** The input of a REST operation, collected from path, query, headers and body as its schema binds them. */
export async function readInput(
  schema: NormalizedSchema,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  readBody: BodyReader,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema)) {
    const value = member.getMergedTraits().httpPayload
      ? await readPayload(member, request.body, readBody)
      : boundValue(name, member, request, labels);
    if (value !== undefined) input[name] = value;
  }
  const body = part(schema, schema.getName() ?? 'Input', inBody);
  if (!body.empty && request.body.byteLength > 0) {
    Object.assign(input, await readBody(body.schema, request.body));
  }
  return input;
}

/** Says whether a member is part of the body, and not bound elsewhere. */
export function inBody(member: NormalizedSchema): boolean {
  const traits = member.getMergedTraits();
  return (
    !traits.httpLabel &&
    !traits.httpQuery &&
    !traits.httpQueryParams &&
    !traits.httpHeader &&
    !traits.httpPayload &&
    !traits.httpResponseCode &&
    traits.httpPrefixHeaders === undefined
  );
}

function boundValue(
  name: string,
  member: NormalizedSchema,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
): unknown {
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return present(labels[name], (text) => strings.read(member, text));
  if (traits.httpHeader) {
    const text = request.headers[traits.httpHeader.toLowerCase()];
    return present(text, (given) => strings.read(member, given));
  }
  if (traits.httpQuery) return queryValue(member, request.query.getAll(traits.httpQuery));
  if (traits.httpPrefixHeaders !== undefined) {
    return prefixed(request.headers, traits.httpPrefixHeaders.toLowerCase());
  }
  return undefined;
}

function queryValue(member: NormalizedSchema, given: readonly string[]): unknown {
  const first = given[0];
  if (first === undefined) return undefined;
  if (!member.isListSchema()) return strings.read(member, first);
  const item = member.getValueSchema();
  return given.map((text) => strings.read(item, text));
}

function prefixed(headers: Readonly<Record<string, string>>, prefix: string) {
  const found = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function readPayload(member: NormalizedSchema, bytes: Uint8Array, readBody: BodyReader): unknown {
  if (member.isBlobSchema()) return bytes;
  if (bytes.byteLength === 0) return undefined;
  return member.isStructSchema() ? readBody(member, bytes) : Buffer.from(bytes).toString();
}

function present<Value>(text: string | undefined, read: (text: string) => Value) {
  return text === undefined ? undefined : read(text);
}
