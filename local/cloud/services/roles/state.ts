export type PolicyDocument = Readonly<Record<string, unknown>>;

export type Role = {
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  trust: PolicyDocument;
  inline: ReadonlyMap<string, PolicyDocument>;
  attached: readonly string[];
  readonly added: Map<string, PolicyDocument>;
};

/** What operations see of the roles. */
export type RolesState = {
  /** @throws AwsError NoSuchEntity */
  role(arn: string): Role;
  /** The ARNs of its managed policies. */
  attachedTo(role: Role): readonly string[];
};
