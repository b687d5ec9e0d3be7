import { CborCodec } from '@smithy/core/cbor';
import type { Schema } from '@smithy/types';
import { unknownOperation } from './codec-json.ts';
import type { Codec } from './protocol.ts';
import { operationsOf, wireError } from './schema.ts';
import { AwsError } from './service.ts';
import type { RunningService } from './service-of.ts';

const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

/** Smithy RPC v2 CBOR: the operation in the path, `/service/<name>/operation/<operation>`, everything else in the body. */
export function rpcCborCodec(service: RunningService): Codec {
  const operations = operationsOf(service);
  const codec = new CborCodec();

  function written(schema: Schema, value: object) {
    const serializer = codec.createSerializer();
    serializer.write(schema, value);
    return serializer.flush();
  }

  return {
    async read({ path, body }) {
      const [, name = ''] = /\/operation\/(\w+)$/.exec(path) ?? [];
      const operation = operations.get(name);
      if (!operation) throw unknownOperation(name);
      if (operation.input.isUnitSchema() || body.byteLength === 0) {
        return { operation: name, input: {} };
      }
      try {
        return {
          operation: name,
          input: await codec.createDeserializer().read(operation.input, body),
        };
      } catch (cause) {
        const error = new AwsError('SerializationException', 'the request body is not CBOR');
        error.cause = cause;
        throw error;
      }
    },
    answer(name, output) {
      const operation = operations.get(name);
      if (!operation || operation.output.isUnitSchema()) return { status: 200, headers, body: '' };
      return { status: 200, headers, body: written(operation.output, output ?? {}) };
    },
    error(error) {
      const modelled = wireError(service, error.code);
      const code = modelled?.code ?? error.code;
      return {
        status: error.status === 400 ? (modelled?.status ?? 400) : error.status,
        // Clients that spoke Query before still read the old code from this header.
        headers: { ...headers, 'x-amzn-query-error': `${code};Sender` },
        body: written(errorShape, {
          __type: modelled?.shape ?? error.code,
          message: error.message,
        }),
      };
    },
  };
}

/** A document: whatever is written, as it is. */
const errorShape = 15;
