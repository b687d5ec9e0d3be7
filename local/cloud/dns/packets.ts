import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import type { Lookup, Reply } from './lookup.ts';

/** Larger UDP answers risk fragmentation (https://dnsflagday.net/2020/): the client must use TCP. */
export const udpLimit = 1_232;
/** Without EDNS0 a client accepts no more over UDP (RFC 1035 §4.2.1). */
const classicUdpLimit = 512;

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const opcodeBits = 0x7800;

/** The answer to one message, with at most `limit` bytes; null for a message that is no query. */
export function replyTo(message: Buffer, lookup: Lookup, limit: number): Buffer | null {
  const query = decoded(message);
  if (query?.type !== 'query') return null;
  const opt = query.additionals?.find((record): record is OptAnswer => record?.type === 'OPT');
  const { rcode, answers, authorities } = answered(query, lookup);
  const packet = {
    type: 'response' as const,
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & RECURSION_DESIRED) | rcodes[rcode],
    questions: query.questions ?? [],
    answers: [...answers],
    authorities: [...authorities],
    additionals: opt ? [ednsAnswer] : [],
  };
  const whole = encode(packet);
  const room =
    limit === udpLimit
      ? Math.min(limit, Math.max(classicUdpLimit, opt?.udpPayloadSize ?? 0))
      : limit;
  if (whole.length <= room) return whole;
  return encode({
    ...packet,
    flags: packet.flags | TRUNCATED_RESPONSE,
    answers: [],
    authorities: [],
  });
}

const ednsAnswer: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: udpLimit,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

type Answered = {
  rcode: keyof typeof rcodes;
  answers: readonly Answer[];
  authorities: readonly Answer[];
};

function answered(query: DecodedPacket, lookup: Lookup): Answered {
  const [question, ...more] = query.questions ?? [];
  if ((query.flags ?? 0) & opcodeBits) return refused('NOTIMP');
  if (!question || more.length > 0) return refused('FORMERR');
  if (question.class !== 'IN' && question.class !== 'ANY') return refused('REFUSED');
  const { rcode, answers, authorities = [] } = normalised(lookup(question.name, question.type));
  return { rcode, answers, authorities };
}

function normalised(found: ReturnType<Lookup>): Reply {
  if (found === 'nxdomain') return { rcode: 'NXDOMAIN', answers: [] };
  return 'rcode' in found ? found : { rcode: 'NOERROR', answers: found };
}

function refused(rcode: Answered['rcode']): Answered {
  return { rcode, answers: [], authorities: [] };
}

function decoded(message: Buffer): DecodedPacket | null {
  try {
    return decode(message);
  } catch {
    // Anybody may send bytes to an open port, so a message that does not parse is ignored.
    return null;
  }
}
