import { type ClientOptions, type ClientSettings, clientOptions } from '#shared/aws/clients.ts';

/** Options for SDK clients as the functions make them, pointed at a local front. */
export function localClientOptions(
  front: { readonly endpoint: string },
  settings: Partial<ClientSettings> = {},
): ClientOptions {
  return clientOptions({
    region: 'us-east-1',
    endpoint: front.endpoint,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    ...settings,
  });
}
