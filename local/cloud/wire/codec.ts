import { jsonRpcCodec } from './codec-json.ts';
import { queryCodec } from './codec-query.ts';
import { restJsonCodec, restXmlCodec } from './codec-rest.ts';
import type { Codec, ProtocolSettings } from './protocol.ts';
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

export type Spoken = { readonly codec: Codec; readonly apiVersion: string };

/** Client settings by SDK module. */
const configs = new WeakMap<RunningService['module'], SpokenClient['config']>();

/** The codec of the protocol that the service's own SDK client speaks. */
export function codecOf(service: RunningService): Spoken {
  const config = configs.get(service.module) ?? (service.client() as SpokenClient).config;
  configs.set(service.module, config);
  const { protocol, protocolSettings } = config;
  const make = codecs[protocol.getShapeId()];
  if (!make) throw new Error(`${service.id} speaks ${protocol.getShapeId()}, which has no codec`);
  return { codec: make(service, protocolSettings), apiVersion: protocolSettings.version };
}
