/** Tells other stacks of one place which ARN holds a certificate. */
export type ArnPublisher = {
  /** Replaces what was told before. @throws CertkeepError ParameterNotPublished */
  publish(parameter: string, arn: string): Promise<void>;
  /** What is not there is success. @throws CertkeepError ParameterNotWithdrawn */
  withdraw(parameter: string): Promise<void>;
};
