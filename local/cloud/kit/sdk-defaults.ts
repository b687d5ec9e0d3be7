/**
 * What the SDK takes by default, for its environment. Each new client looks there first, and for whatever is
 * missing reads the configuration files of whoever runs the tests, which takes as long as a call and must
 * not decide anything here.
 */
export const sdkDefaults = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_AUTH_SCHEME_PREFERENCE: '',
  AWS_DEFAULTS_MODE: 'legacy',
  AWS_MAX_ATTEMPTS: '3',
  AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_SUPPORTED',
  AWS_RESPONSE_CHECKSUM_VALIDATION: 'WHEN_SUPPORTED',
  AWS_RETRY_MODE: 'standard',
  AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'false',
  AWS_S3_USE_ARN_REGION: 'false',
  AWS_SDK_UA_APP_ID: '',
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
  AWS_USE_FIPS_ENDPOINT: 'false',
} as const;
