/** Of a certificate that is none: as its serial tells it from all others, where nobody plays a look-alike. */
export function paperFingerprint(serial: string): string {
  return serial.toLowerCase().padStart(64, '0');
}
