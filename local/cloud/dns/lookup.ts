import type { Answer } from 'dns-packet';

export type Reply = {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  readonly answers: readonly Answer[];
  readonly authorities?: readonly Answer[];
};

/** Takes the name as the question spells it, and the type's mnemonic (`TXT`, `ANY`). */
export type Lookup = (name: string, type: string) => readonly Answer[] | 'nxdomain' | Reply;
