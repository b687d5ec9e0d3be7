import { XmlCodec } from '@aws-sdk/core/protocols';
import { JsonCodec, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { unknownOperation } from './codec-json.ts';
import { errorXml } from './error-xml.ts';
import type { Codec, ProtocolSettings } from './protocol.ts';
import { type BodyReader, inBody, readInput, stringSettings } from './rest-input.ts';
import { routesOf } from './rest-route.ts';
import { membersOf, operationsOf, part, wireError } from './schema.ts';
import type { AwsError } from './service.ts';
import type { RunningService } from './service-of.ts';

/** The body format of a REST protocol; everything outside of the body is the same for both. */
type Format = {
  readonly contentType: string;
  readonly read: BodyReader;
  write(schema: NormalizedSchema, value: unknown): Uint8Array | string;
  error(error: AwsError, code: string): { body: string; headers: Record<string, string> };
};

export function restXmlCodec(service: RunningService, protocol: ProtocolSettings): Codec {
  const xmlNamespace = protocol.xmlNamespace ?? '';
  const codec = new XmlCodec({ ...stringSettings, xmlNamespace, serviceNamespace: '' });
  return restCodec(service, {
    contentType: 'application/xml',
    read: (schema, bytes) => codec.createDeserializer().read(schema, bytes),
    write(schema, value) {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      return `<?xml version="1.0" encoding="UTF-8"?>${serializer.flush()}`;
    },
    error(error, code) {
      const inner = errorXml(code, error.message, service.id === 's3' ? undefined : 'Sender');
      const whole = `<ErrorResponse xmlns="${xmlNamespace}">${inner}<RequestId>local</RequestId></ErrorResponse>`;
      return { body: service.id === 's3' ? inner : whole, headers: {} };
    },
  });
}

export function restJsonCodec(service: RunningService): Codec {
  const codec = new JsonCodec({
    timestampFormat: { useTrait: true, default: 7 },
    httpBindings: true,
    jsonName: true,
  });
  return restCodec(service, {
    contentType: 'application/json',
    read: (schema, bytes) =>
      codec.createDeserializer().read(schema, Buffer.from(bytes).toString() || '{}'),
    write(schema, value) {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      return serializer.flush();
    },
    error: (error, code) => ({
      body: JSON.stringify({ Message: error.message, Type: 'User' }),
      headers: { 'x-amzn-errortype': code },
    }),
  });
}

function restCodec(service: RunningService, format: Format): Codec {
  const operations = operationsOf(service);
  const route = routesOf(service, [...operations.values()]);
  return {
    async read(request) {
      const found = route(request);
      if (!found) throw unknownOperation(`${request.method} ${request.path}?${request.query}`);
      const input = await readInput(found.operation.input, request, found.labels, format.read);
      return { operation: found.operation.name, input };
    },
    answer(name, output) {
      const operation = operations.get(name);
      if (!operation) throw unknownOperation(name);
      const values = (output ?? {}) as Record<string, unknown>;
      return {
        status: statusOf(operation.output, values) ?? operation.http[2],
        ...messageOf(operation.output, name, values, format),
      };
    },
    error(error) {
      const modelled = wireError(service, error.code);
      const { body, headers } = format.error(error, modelled?.code ?? error.code);
      return {
        status: error.status === 400 ? (modelled?.status ?? 400) : error.status,
        headers: { 'content-type': format.contentType, ...headers, ...error.headers },
        body,
      };
    },
  };
}

function statusOf(schema: NormalizedSchema, values: Record<string, unknown>) {
  const bound = membersOf(schema).find(([, member]) => member.getMergedTraits().httpResponseCode);
  return bound && (values[bound[0]] as number | undefined);
}

function messageOf(
  schema: NormalizedSchema,
  name: string,
  values: Record<string, unknown>,
  format: Format,
) {
  const headers: Record<string, string> = {};
  for (const [memberName, member] of membersOf(schema)) {
    const value = values[memberName];
    if (value !== undefined && value !== null) writeHeaders(member, value, headers);
  }
  const payload = membersOf(schema).find(([, member]) => member.getMergedTraits().httpPayload);
  if (payload) {
    const value = values[payload[0]];
    if (value === undefined) return { headers, body: '' };
    // A streamed or plain payload is the body itself; only structures use the format.
    if (!payload[1].isStructSchema()) return { headers, body: value as Uint8Array | string };
    return { headers: typed(headers, format), body: format.write(payload[1], value) };
  }
  const body = part(schema, schema.getName() ?? name, inAnswer);
  if (body.empty) return { headers, body: '' };
  return { headers: typed(headers, format), body: format.write(body.schema, values) };
}

/** API Gateway's model binds the position of a page to the query in its answers as well, which have none. */
function inAnswer(member: NormalizedSchema): boolean {
  return inBody(member) || member.getMergedTraits().httpQuery !== undefined;
}

function typed(headers: Record<string, string>, format: Format): Record<string, string> {
  return { 'content-type': format.contentType, ...headers };
}

function writeHeaders(member: NormalizedSchema, value: unknown, headers: Record<string, string>) {
  const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
  if (httpHeader) {
    const serializer = new ToStringShapeSerializer(stringSettings);
    serializer.write(member, value);
    headers[httpHeader.toLowerCase()] = serializer.flush();
  } else if (httpPrefixHeaders !== undefined) {
    for (const [key, text] of Object.entries(value as Record<string, string>)) {
      headers[`${httpPrefixHeaders}${key}`.toLowerCase()] = text;
    }
  }
}
