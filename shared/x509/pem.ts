export type PemBlock = {
  /** The label of the block, for example `CERTIFICATE`. */
  readonly label: string;
  /** The whole block with its first and last line; the content is not checked. */
  readonly text: string;
};

/** Returns the PEM blocks of a text (RFC 7468) in order, and ignores text outside of them. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g);
  return [...found].map(([whole, label = '']) => ({ label, text: whole }));
}

export function certificatePems(text: string): readonly string[] {
  return pemBlocks(text).flatMap((block) => (block.label === 'CERTIFICATE' ? block.text : []));
}
