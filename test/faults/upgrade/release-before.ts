/** The last commit of the previous release: raised with each release. */
export const releaseBefore = 'eda6593c22cbe211ce6da9a0b3beee1f34d48cd1';
