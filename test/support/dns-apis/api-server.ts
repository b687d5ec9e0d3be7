import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ApiRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type ApiAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ApiServer = {
  readonly baseUrl: string;
  /** What was asked, in the words of the API: `AddDomainRecord`, `POST dns_records`. */
  readonly calls: readonly string[];
  /** The next matching call is answered so, and nothing is done for it. */
  refuse(call: string, answer: ApiAnswer, times?: number): void;
  /** The next matching call is done, and its connection dropped. */
  loseAnswer(call: string): void;
  close(): Promise<void>;
};

/** An API on loopback. `identify` says what is asked, and refuses what is not signed as the service wants it. */
export async function startApi(service: {
  readonly identify: (request: ApiRequest) => string | ApiAnswer;
  readonly answer: (call: string, request: ApiRequest) => ApiAnswer;
}): Promise<ApiServer> {
  const calls: string[] = [];
  const scripted: { call: string; answer: ApiAnswer | 'lost'; times: number }[] = [];

  function scriptFor(call: string): ApiAnswer | 'lost' | null {
    const script = scripted.find((each) => each.call === call && each.times > 0);
    if (!script) return null;
    script.times -= 1;
    return script.answer;
  }

  function decided(request: ApiRequest): ApiAnswer | 'lost' {
    const call = service.identify(request);
    if (typeof call !== 'string') return call;
    calls.push(call);
    const script = scriptFor(call);
    if (script && script !== 'lost') return script;
    const answer = service.answer(call, request);
    return script === 'lost' ? 'lost' : answer;
  }

  const server = createServer(async (incoming, outgoing) => {
    const answer = decided(await read(incoming));
    if (answer === 'lost') return void incoming.socket.destroy();
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    outgoing.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    refuse: (call, answer, times = 1) => void scripted.push({ call, answer, times }),
    loseAnswer: (call) => void scripted.push({ call, answer: 'lost', times: 1 }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', `http://${incoming.headers.host}`),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString(),
  };
}
