/** The last commit of the release before this one: raised with each release. */
export const releaseBefore = 'eda6593c22cbe211ce6da9a0b3beee1f34d48cd1';
