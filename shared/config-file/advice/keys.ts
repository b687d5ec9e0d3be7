import type { Advice } from './advice.ts';

export const keyAdvice: Advice = (value) => {
  const [, own] = /^(?:arn:[\w:-]+:)?alias\/aws\/([\w-]+)$/.exec(value) ?? [];
  if (own) {
    return {
      message: `is the key of AWS for ${own}, which needs no right of yours`,
      fix: 'Leave it out. Nobody of another account can use what is encrypted with it.',
    };
  }
  const [, alias] = /^(?:arn:[\w:-]+:)?(alias\/[\w/-]+)$/.exec(value) ?? [];
  if (alias) {
    return {
      message: 'is an alias, which may lead to another key tomorrow: rights are given to a key',
      fix: `Write the ARN of the key: aws kms describe-key --key-id ${value} --query KeyMetadata.Arn.`,
    };
  }
  return /^(?:mrk-)?[0-9a-f-]{32,36}$/.test(value)
    ? {
        message: 'is the id of a key, not its ARN',
        fix: `Write its ARN: aws kms describe-key --key-id ${value} --query KeyMetadata.Arn.`,
      }
    : null;
};

export const secretsKeyAdvice: Advice = (value, path, raw) => {
  const words = keyAdvice(value, path, raw);
  return /alias\/aws\//.test(value)
    ? {
        ...words,
        fix: 'Leave it out: secrets are then encrypted with a key of your account that the installation makes, which fewer people may use than that of AWS.',
      }
    : words;
};
