/** An answer with a problem document (RFC 8555 §6.7). */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object, headers: Readonly<Record<string, string>>) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function refuse(
  status: number,
  type: string,
  detail: string,
  more: object = {},
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body = { type: `urn:ietf:params:acme:error:${type}`, detail, status, ...more };
  return new Refusal(status, body, headers);
}
