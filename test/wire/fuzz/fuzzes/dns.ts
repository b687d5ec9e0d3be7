import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type DecodedPacket, decode, encode } from 'dns-packet';
import { randomOf } from 'local-cloud/kit/determinism.ts';
import { nodeDnsClient } from '#shared/dns/node-dns-client.ts';
import type { Fuzz, Peer, Random } from '../fuzz.ts';
import { below, mutated, oneOf } from '../mutate.ts';

const name = '_acme-challenge.example.com';
const timeoutMs = 60;

/** Answers each question rightly, and then changes bytes behind its id: c-ares drops what has another one. */
async function serve(seed: number): Promise<Peer> {
  const random = randomOf(seed);
  const socket = createSocket('udp4');
  socket.on('message', (question, { address, port }) => {
    const answer = answerTo(decode(question), random);
    const rest = random() < 0.1 ? answer.subarray(2) : mutated(answer.subarray(2), random);
    socket.send(Buffer.concat([answer.subarray(0, 2), rest]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async close() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

const data = {
  A: () => '192.0.2.1',
  AAAA: () => '2001:db8::1',
  NS: () => 'ns1.example.com',
  CNAME: () => 'other.example.com',
  TXT: (random: Random) => ['v'.repeat(below(random, 255)), '\r\n\u001b[31m"'],
  CAA: () => ({ flags: 128, tag: 'issue', value: 'ca.example; accounturi=https://ca.example/1' }),
} as const;

function answerTo({ id, questions = [] }: DecodedPacket, random: Random): Buffer {
  const { type, name: asked } = questions[0] ?? { type: 'A', name };
  const kind = type as keyof typeof data;
  const records = Array.from({ length: 1 + below(random, 5) }, () => ({
    type: kind,
    name: asked,
    ttl: 60,
    data: data[kind]?.(random),
  }));
  const answers = records as Parameters<typeof encode>[0]['answers'] & object;
  return encode({ id: id ?? 0, type: 'response', flags: 0x8180, questions, answers });
}

/** What a name server sends over UDP. */
export const dnsAnswers: Fuzz = {
  name: 'dns',
  usual: 5_000,
  fixed: 60,
  serve,
  async start(address) {
    const client = nodeDnsClient({ resolver: address, timeoutMs });
    const questions = [
      () => client.addresses('web.example.com'),
      () => client.nameServers('example.com'),
      () => client.cname(name),
      () => client.caa('example.com'),
      () => client.txtAt('127.0.0.1', name),
    ] as const;
    return async (random) => {
      const answer = await oneOf(random, questions)();
      if (!answer.answered) return answer.why;
      return answer.records.length > 0 ? 'records' : 'nothing there';
    };
  },
};
