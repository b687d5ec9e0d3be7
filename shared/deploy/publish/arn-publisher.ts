/** Tells other stacks in a place which ARN holds a certificate. */
export type ArnPublisher = {
  /**
   * Replaces the published value.
   * @throws CertkeepError ParameterNotPublished
   */
  publish(parameter: string, arn: string): Promise<void>;
  /**
   * A missing parameter counts as success.
   * @throws CertkeepError ParameterNotWithdrawn
   */
  withdraw(parameter: string): Promise<void>;
};
