import type { Answer } from 'dns-packet';

export type Reply = {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  readonly answers: readonly Answer[];
  readonly authorities?: readonly Answer[];
};

/** Asked with the name as it was written in the question and the type's mnemonic (`TXT`, `ANY`). */
export type Lookup = (name: string, type: string) => readonly Answer[] | 'nxdomain' | Reply;
