/** Replaces the SDK's adaptive retries, which limit their own rate: our clients retry in the standard mode. */
export class AdaptiveRetryStrategy {
  constructor() {
    throw new Error('a client was made with adaptive retries, which functions do not carry');
  }
}
