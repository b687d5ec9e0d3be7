/** Well-known prefixes of keys: AWS, Alibaba Cloud, Tencent Cloud, Cloudflare, a PEM. */
const beginnings = /^(?:(?:AKIA|ASIA|LTAI|AKID)[A-Za-z0-9]{12,}$|cf[a-z]t_|-----BEGIN )/;

/** Base64, base64url and hexadecimal, with the length of keys and tokens. */
const alphabet = /^[A-Za-z0-9_+/=-]{30,}$/;
/** Keys such as the global one of Cloudflare; runs of its letters would pass for words. */
const hexadecimal = /^[0-9a-f]{32,}$/i;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Says whether a text looks like a key, token or password instead of a name. People choose names with a word in them; a few
 * in a hundred random texts seem to have one.
 */
export function looksLikeSecret(text: string): boolean {
  const written = text.trim();
  if (beginnings.test(written) || /^\{.*:.*\}$/s.test(written)) return true;
  if (hexadecimal.test(written)) return true;
  return alphabet.test(written) && !uuid.test(written) && !holdsWord(written);
}

/** A text holds a word if pronounceable runs of small letters make up a quarter of it, or if it is a path such as `dns/…`. */
function holdsWord(text: string): boolean {
  if (/^(?:[a-z][a-z-]{1,20}\/)+/.test(text)) return true;
  const words = (text.match(/[a-z]{4,}/g) ?? []).filter(
    (run) => /[aeiouy]/.test(run) && !/[^aeiouy]{4}|[aeiouy]{4}/.test(run),
  );
  return words.join('').length >= text.length / 4;
}

/** Hides what may be secret in a line of a file. */
export function withoutSecrets(line: string): string {
  return line
    .replace(
      /((?:token|passw(?:or)?d|(?:api|hmac|private|access)_?key(?:secret|id)?|secret_?key|client_?secret)["']?\s*:\s*)([^\s,}][^,}]*)/gi,
      (_, key: string) => `${key}…`,
    )
    .replace(/[A-Za-z0-9_+/=-]{20,}/g, (word) => (looksLikeSecret(word) ? '…' : word));
}
