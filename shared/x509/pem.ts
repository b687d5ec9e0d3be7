export type PemBlock = {
  /** `CERTIFICATE` */
  readonly label: string;
  /** With its first and last line, whatever stands between them. */
  readonly text: string;
};

/** The blocks of a text (RFC 7468), in their order. What stands outside of them is no part of it. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g);
  return [...found].map(([whole, label = '']) => ({ label, text: whole }));
}

export function certificatePems(text: string): readonly string[] {
  return pemBlocks(text).flatMap((block) => (block.label === 'CERTIFICATE' ? block.text : []));
}
