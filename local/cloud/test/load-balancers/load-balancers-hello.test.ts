import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificate } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { readClientHello } from '#cloud/load-balancers/client-hello.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { balancerLab } from '../support/balancer-lab.ts';

test('the server name is read once all of the message is there', async () => {
  const hello = await helloOf({ servername: 'shop.example.com' });
  for (let length = 0; length < hello.length; length += 1) {
    expect(readClientHello(hello.subarray(0, length))).toEqual({ is: 'incomplete' });
  }
  expect(readClientHello(hello)).toEqual({ is: 'whole', serverName: 'shop.example.com' });
});

test('a message in two records is one message', async () => {
  const hello = await helloOf({ servername: 'shop.example.com' });
  const record = (part: Buffer) =>
    Buffer.concat([hello.subarray(0, 3), Buffer.from([part.length >> 8, part.length & 255]), part]);
  const split = Buffer.concat([record(hello.subarray(5, 60)), record(hello.subarray(60))]);
  expect(readClientHello(split)).toEqual({ is: 'whole', serverName: 'shop.example.com' });
});

test('no name, no TLS and a malformed message have no server name', async () => {
  const nameless = { is: 'whole', serverName: null };
  expect(readClientHello(await helloOf({}))).toEqual(nameless);
  expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual(nameless);
  expect(readClientHello(Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 3]))).toEqual(nameless);
});

test('a client whose first message comes byte by byte is served, and nonsense is dropped', async () => {
  const lab = await balancerLab();
  const made = await makeCertificate();
  const port = await freePort();
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  await lab.elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: port,
    Certificates: [{ CertificateArn: await lab.imported(made) }],
    DefaultActions: [{ Type: 'forward' }],
  });
  const trickle = createServer((client) => {
    const upstream = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    upstream.pipe(client);
    client.on('data', async (bytes) => {
      client.pause();
      for (const byte of bytes.subarray(0, 80)) {
        upstream.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      upstream.write(bytes.subarray(80));
      client.resume();
    });
    for (const socket of [client, upstream]) socket.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(trickle, 'listening');
  const slowly = (trickle.address() as AddressInfo).port;
  expect((await probeTls({ port: slowly, servername: 'shop.example.com' })).serial).toBe(
    made.serial,
  );
  trickle.close();

  const nonsense = connectTcp({ port, host: '127.0.0.1' });
  nonsense.resume().on('error', () => undefined);
  nonsense.write('GET / HTTP/1.1\r\n\r\n');
  await once(nonsense, 'close');
  await lab.close();
});

/** The first message that Node's TLS client sends. */
async function helloOf(options: { servername?: string }): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ port: (server.address() as AddressInfo).port, ...options });
  client.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [hello] = await once(socket, 'data');
  socket.destroy();
  server.close();
  return hello;
}
