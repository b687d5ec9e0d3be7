import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { readClientHello } from './client-hello.ts';

export type EndpointOptions = {
  readonly address: string;
  readonly port: number;
  /** Called at each handshake with the client's server name; null where the listener speaks plain HTTP. */
  readonly contextFor: ((serverName: string | null) => SecureContext) | null;
  /** Refuses a client without a certificate; any certificate will do. */
  readonly asksClients?: boolean;
  readonly respond: RequestListener;
};

export type Endpoint = {
  /** Listens, possibly again; rejects where the port is taken. */
  open(): Promise<void>;
  /** Refuses connections from now on, and closes the open ones. */
  close(): Promise<void>;
};

/** One listener on one node. */
export function endpoint(options: EndpointOptions): Endpoint {
  const { contextFor } = options;
  const http = createHttpServer(options.respond);
  const sockets = new Set<Socket>();
  let server: Server | null = null;

  function accept(socket: Socket) {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client may leave at any time.
    socket.on('error', () => socket.destroy());
    if (contextFor) secure(socket, contextFor);
    else http.emit('connection', socket);
  }

  /**
   * The context is chosen before the TLS engine starts: Node's SNICallback replaces one certificate only
   * and would leave the default's other key family in place beside it.
   */
  function secure(socket: Socket, contextOf: (serverName: string | null) => SecureContext) {
    let arrived = Buffer.alloc(0);
    socket.on('readable', function read() {
      arrived = Buffer.concat([arrived, socket.read() ?? Buffer.alloc(0)]);
      const hello = readClientHello(arrived);
      if (hello.is === 'incomplete') return;
      socket.off('readable', read);
      socket.unshift(arrived);
      shakeHands(socket, contextOf(hello.serverName));
    });
  }

  function shakeHands(socket: Socket, secureContext: SecureContext) {
    const tls = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ...(options.asksClients && { requestCert: true, rejectUnauthorized: true }),
      ALPNProtocols: ['http/1.1'],
    });
    // The client refused our certificate, or we have no protocol in common.
    tls.on('error', () => socket.destroy());
    tls.once('secure', () => http.emit('connection', tls));
  }

  return {
    open: () =>
      new Promise((resolve, reject) => {
        const opening = createServer(accept);
        opening.once('error', reject);
        opening.listen(options.port, options.address, () => {
          server = opening;
          resolve();
        });
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        if (!server) return resolve();
        server.close(() => resolve());
        server = null;
      }),
  };
}
