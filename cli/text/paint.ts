import { styleText } from 'node:util';
import type { CertificateState } from '#shared/status/status.ts';

export type Style = 'red' | 'yellow' | 'cyan' | 'green' | 'bold' | 'dim';

/** Colours text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_, text) => text;

// The terminal has been asked already whether it shows colours.
export const colorPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** The colour of each state. */
export const styleOf: Readonly<Record<CertificateState, Style>> = {
  critical: 'red',
  warning: 'yellow',
  working: 'cyan',
  well: 'green',
};
