import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { type DecodedPacket, decode, encode, streamDecode, streamEncode } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { apply, change, createZone, localDns, resolverOf } from '#cloud/kit/local-dns.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function exampleZone() {
  const { dns, server } = await localDns();
  open.push(server);
  const id = createZone(dns, 'example.com');
  return { dns, id, resolver: resolverOf(server.address), address: server.address };
}

describe('the server', () => {
  test('is sent to TCP for an answer too big for UDP', async () => {
    const { dns, id, resolver, address } = await exampleZone();
    const values = Array.from({ length: 40 }, (_, n) => `"${n}${'x'.repeat(80)}"`);
    apply(dns, id, change('CREATE', 'big.example.com', 'TXT', values));
    expect(await resolver.resolveTxt('big.example.com')).toHaveLength(40);
    const udp = await askUdp(address, 'big.example.com');
    expect(udp).toMatchObject({ flag_tc: true, flag_aa: true, answers: [] });
  });

  test('answers several questions on one TCP connection', async () => {
    const { address } = await exampleZone();
    const replies = await askTcp(address, ['example.com', 'none.example.com']);
    expect(replies.map(({ rcode }) => rcode)).toEqual(['NOERROR', 'NXDOMAIN']);
  });

  test('keeps the case of the question and answers EDNS0 with EDNS0', async () => {
    const { dns, id, address } = await exampleZone();
    apply(dns, id, change('CREATE', 'x.example.com', 'TXT', ['"a"']));
    const reply = await askUdp(address, 'X.eXample.com');
    expect(reply.questions?.[0]?.name).toBe('X.eXample.com');
    expect(reply.answers?.[0]?.name).toBe('X.eXample.com');
    expect(reply.additionals?.[0]?.type).toBe('OPT');
  });

  test('ignores bytes that are no question and goes on answering', async () => {
    const { address } = await exampleZone();
    const [host = '', port] = address.split(':');
    const socket = createSocket('udp4');
    for (let n = 0; n < 200; n += 1) {
      const noise = Buffer.from(Array.from({ length: n }, (_, at) => (at * 37 + n * 91) % 256));
      socket.send(noise, Number(port), host);
    }
    socket.send(encode({ type: 'response', id: 1 }), Number(port), host);
    const rude = connect(Number(port), host, () => rude.end(Buffer.from([0, 3, 1, 2, 3])));
    await new Promise((resolve) => rude.on('close', resolve).resume());
    expect((await askUdp(address, 'example.com')).rcode).toBe('NOERROR');
    socket.close();
  });
});

/** The types of dns-packet leave out the mnemonic of the answer's code. */
type Answered = DecodedPacket & { readonly rcode: string };

function question(name: string) {
  return {
    type: 'query' as const,
    id: 7,
    questions: [{ type: 'TXT' as const, name }],
    additionals: [
      {
        type: 'OPT' as const,
        name: '.',
        udpPayloadSize: 4096,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  };
}

async function askUdp(address: string, name: string): Promise<Answered> {
  const [host = '', port] = address.split(':');
  const socket = createSocket('udp4');
  const reply = new Promise<Buffer>((resolve) => socket.once('message', resolve));
  socket.send(encode(question(name)), Number(port), host);
  const message = await reply;
  socket.close();
  return decode(message) as Answered;
}

async function askTcp(address: string, names: readonly string[]): Promise<Answered[]> {
  const [host = '', port] = address.split(':');
  const socket = connect(Number(port), host);
  for (const name of names) socket.write(streamEncode(question(name)));
  const replies: Answered[] = [];
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const packet = received.length > 2 ? streamDecode(received) : null;
      if (!packet) break;
      replies.push(packet as Answered);
      received = received.subarray(received.readUInt16BE(0) + 2);
    }
    if (replies.length === names.length) break;
  }
  return replies;
}
