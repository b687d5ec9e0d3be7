import { rpcCborCodec } from './codec-cbor.ts';
import { jsonRpcCodec } from './codec-json.ts';
import { queryCodec } from './codec-query.ts';
import { restJsonCodec, restXmlCodec } from './codec-rest.ts';
import type { Codec, ProtocolSettings, WireRequest } from './protocol.ts';
import type { RunningService } from './service-of.ts';

type SpokenClient = {
  readonly config: {
    readonly protocol: { getShapeId(): string };
    readonly protocolSettings: ProtocolSettings;
  };
};

const codecs: Readonly<
  Record<string, (service: RunningService, settings: ProtocolSettings) => Codec>
> = {
  'aws.protocols#awsJson1_0': (service) => jsonRpcCodec(service, '1.0'),
  'aws.protocols#awsJson1_1': (service) => jsonRpcCodec(service, '1.1'),
  'aws.protocols#awsQuery': queryCodec,
  'aws.protocols#restXml': restXmlCodec,
  'aws.protocols#restJson1': restJsonCodec,
};

export type Spoken = {
  /** The codec of the protocol that a request is written in. */
  readonly codecFor: (request: WireRequest) => Codec;
  readonly apiVersion: string;
};

/** Client settings by SDK module. */
const configs = new WeakMap<RunningService['module'], SpokenClient['config']>();

/**
 * The codec of the protocol that the service's own SDK client speaks. Other clients may speak another protocol of the same
 * service: of CloudWatch, the SDK for JavaScript speaks JSON, the aws command line CBOR, and its older versions Query.
 */
export function codecOf(service: RunningService): Spoken {
  const config = configs.get(service.module) ?? (service.client() as SpokenClient).config;
  configs.set(service.module, config);
  const { protocol, protocolSettings } = config;
  const make = codecs[protocol.getShapeId()];
  if (!make) throw new Error(`${service.id} speaks ${protocol.getShapeId()}, which has no codec`);
  const usual = make(service, protocolSettings);
  const speaksAll = service.id === 'cloudwatch';
  const cbor = speaksAll ? rpcCborCodec(service) : usual;
  const query = speaksAll ? queryCodec(service, protocolSettings) : usual;
  return {
    codecFor({ headers }) {
      if (headers['smithy-protocol'] === 'rpc-v2-cbor') return cbor;
      return headers['content-type']?.startsWith('application/x-www-form-urlencoded')
        ? query
        : usual;
    },
    apiVersion: protocolSettings.version,
  };
}
