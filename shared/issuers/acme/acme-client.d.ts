/**
 * The parts of acme-client 5.4.0 that its own types leave out. Importing them one by one keeps node-forge and the automatic
 * mode out of the bundle.
 */
declare module 'acme-client/src/http.js' {
  export type Answer = {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly data: unknown;
  };

  export default class HttpClient {
    constructor(directoryUrl: string, accountKey: Buffer);
    maxBadNonceRetries: number;
    externalAccountBinding: { kid?: string; hmacKey?: string };
    request(url: string, method: string, options?: { data?: unknown }): Promise<Answer>;
    getNonce(): Promise<string>;
    getDirectory(): Promise<Readonly<Record<string, unknown>>>;
    getJwk(): Readonly<Record<string, string>>;
    prepareSignedBody(
      alg: string,
      url: string,
      payload: object | null,
      options: { nonce?: string | null; kid?: string | null },
    ): { readonly payload: string; readonly protected: string };
    createSignedBody: (
      url: string,
      payload?: object | null,
      options?: { nonce?: string | null; kid?: string | null },
    ) => { readonly payload: string; readonly protected: string; readonly signature: string };
  }
}

declare module 'acme-client/src/api.js' {
  import type HttpClient from 'acme-client/src/http.js';
  import type { Answer } from 'acme-client/src/http.js';

  type JwsOptions = { includeJwsKid?: boolean; includeExternalAccountBinding?: boolean };

  export default class AcmeApi {
    constructor(http: HttpClient, accountUrl?: string | null);
    accountUrl: string | null;
    /** An empty list of accepted statuses accepts every status. */
    apiRequest(
      url: string,
      payload: object | null,
      accepted: readonly number[],
      options?: JwsOptions,
    ): Promise<Answer>;
    apiResourceRequest(
      resource: string,
      payload: object | null,
      accepted: readonly number[],
      options?: JwsOptions,
    ): Promise<Answer>;
  }
}
