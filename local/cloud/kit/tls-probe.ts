import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, connect } from 'node:tls';

export type Served = {
  readonly serial: string;
  /** Subjects of everything that was sent, leaf first. */
  readonly chain: readonly string[];
  readonly protocol: string | null;
};

/** Shakes hands with a node and tells what it was served; rejects when the connection is refused. */
export function probeTls(options: ConnectionOptions & { readonly port: number }): Promise<Served> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      const leaf = socket.getPeerX509Certificate();
      const chain: string[] = [];
      for (let each = leaf; each; each = each.issuerCertificate) chain.push(each.subject);
      const protocol = socket.getProtocol();
      socket.destroy();
      if (!leaf) return reject(new Error('no certificate was served'));
      resolve({ serial: new X509Certificate(leaf.raw).serialNumber, chain, protocol });
    });
    socket.once('error', reject);
  });
}
