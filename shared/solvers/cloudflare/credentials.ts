/** Fields of the JSON in the secret, and what each is. Apart from the spec, which the functions do not carry. */
export const cloudflareCredentials = {
  apiToken: 'an API token with the permissions Zone: Read and DNS: Edit on the zones',
} as const;
