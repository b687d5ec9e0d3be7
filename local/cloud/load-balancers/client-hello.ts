const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
const recordHeader = 5;
const handshakeHeader = 4;

export type ClientHello =
  | { readonly is: 'incomplete' }
  /** Bytes that are not TLS count as complete and without a name: the TLS engine reports what is wrong. */
  | { readonly is: 'whole'; readonly serverName: string | null };

/** Reads the server name from the first bytes of a connection (RFC 8446 §4.1.2, RFC 6066 §3). */
export function readClientHello(bytes: Buffer): ClientHello {
  const message = handshakeBytes(bytes);
  if (message === null) return { is: 'whole', serverName: null };
  if (message.length < handshakeHeader) return { is: 'incomplete' };
  if (message[0] !== clientHello) return { is: 'whole', serverName: null };
  const end = handshakeHeader + message.readUIntBE(1, 3);
  if (message.length < end) return { is: 'incomplete' };
  return { is: 'whole', serverName: serverNameIn(message.subarray(handshakeHeader, end)) };
}

/** The handshake message from its records, as far as it has arrived; null where a record is malformed. */
function handshakeBytes(bytes: Buffer): Buffer | null {
  const fragments: Buffer[] = [];
  let at = 0;
  while (at + recordHeader <= bytes.length) {
    if (bytes[at] !== handshakeRecord) return fragments.length ? Buffer.concat(fragments) : null;
    const start = at + recordHeader;
    at = start + bytes.readUInt16BE(at + 3);
    fragments.push(bytes.subarray(start, at));
  }
  return Buffer.concat(fragments);
}

function serverNameIn(hello: Buffer): string | null {
  try {
    let at = 2 + 32;
    at += 1 + hello.readUInt8(at);
    at += 2 + hello.readUInt16BE(at);
    at += 1 + hello.readUInt8(at);
    if (at >= hello.length) return null;
    const end = at + 2 + hello.readUInt16BE(at);
    for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) {
      if (hello.readUInt16BE(at) !== serverNameExtension) continue;
      const name = at + 4 + 2 + 1;
      return hello.toString('latin1', name + 2, name + 2 + hello.readUInt16BE(name)) || null;
    }
    return null;
  } catch (error) {
    // The length points outside of the message, which is malformed: the TLS engine will refuse it.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
