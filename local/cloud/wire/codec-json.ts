import { JsonCodec } from '@smithy/core/protocols';
import type { Codec } from './protocol.ts';
import { operationsOf, wireError } from './schema.ts';
import { AwsError } from './service.ts';
import type { RunningService } from './service-of.ts';

const settings = { timestampFormat: { useTrait: true, default: 7 as const }, jsonName: false };

/** awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, everything else in a JSON body. */
export function jsonRpcCodec(service: RunningService, version: '1.0' | '1.1'): Codec {
  const operations = operationsOf(service);
  const codec = new JsonCodec(settings);
  const contentType = `application/x-amz-json-${version}`;

  return {
    async read(request) {
      const name = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
      const operation = operations.get(name);
      if (!operation) throw unknownOperation(name);
      const text = Buffer.from(request.body).toString() || '{}';
      return {
        operation: name,
        input: operation.input.isUnitSchema()
          ? {}
          : await codec.createDeserializer().read(operation.input, parsed(text)),
      };
    },
    answer(name, output) {
      const operation = operations.get(name);
      if (!operation || operation.output.isUnitSchema()) {
        return { status: 200, headers: { 'content-type': contentType }, body: '' };
      }
      const serializer = codec.createSerializer();
      serializer.write(operation.output, output ?? {});
      return {
        status: 200,
        headers: { 'content-type': contentType },
        body: serializer.flush(),
      };
    },
    error(error) {
      const modelled = wireError(service, error.code);
      return {
        status: error.status === 400 ? (modelled?.status ?? 400) : error.status,
        headers: {
          'content-type': contentType,
          // SQS used awsQuery before, and clients still read the old code from this header.
          ...(modelled && modelled.code !== error.code
            ? { 'x-amzn-query-error': `${modelled.code};Sender` }
            : {}),
        },
        body: JSON.stringify({
          __type: modelled?.shape ?? error.code,
          message: error.message,
          Message: error.message,
        }),
      };
    },
  };
}

/** Parses before the SDK's reader does, so that broken JSON is the client's error and not ours. */
function parsed(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    const error = new AwsError('SerializationException', 'the request body is not JSON');
    error.cause = cause;
    throw error;
  }
}

export function unknownOperation(name: string): AwsError {
  return new AwsError('UnknownOperationException', `local: unknown operation "${name}"`, 404);
}
