/** The path to a value in the file: keys, and positions in lists. */
export type Path = readonly (string | number)[];

/** A check's finding, before its position in the file is known. */
export type Finding = {
  readonly path: Path;
  /** Continues after the value: "is not …", "is missing". */
  readonly message: string;
  readonly fix: string;
  /** Replaces the value from the file, for example by the key where the key is wrong. */
  readonly value?: string;
  /** Says that the key is wrong, not its value. */
  readonly isKey?: true;
  /** Says that the value may be a secret: no problem on its line shows it. */
  readonly isSecret?: true;
};
