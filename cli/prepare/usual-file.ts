/** The file that is meant where nobody names one. */
export const usualFile = 'certkeep.yaml';
