/** Where in the file: keys, and places in lists. */
export type Path = readonly (string | number)[];

/** What a check has to say, before it is known where in the file it stands. */
export type Finding = {
  readonly path: Path;
  /** Reads on after the value: "is not …", "is missing". */
  readonly message: string;
  readonly fix: string;
  /** Stands in for the value in the file, for example the key where the key is what is wrong. */
  readonly value?: string;
  /** Whether the key is what is wrong, not its value. */
  readonly isKey?: true;
  /** Whether the value may be a secret: it is shown nowhere, in no other problem of its line either. */
  readonly isSecret?: true;
};
