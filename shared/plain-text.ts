/**
 * What is not seen where it stands, or moves what is seen: controls, line and paragraph separators, formats (zero
 * widths and directions among them), and letters that are blank: Hangul fillers, the blank of Braille, and others that Unicode
 * has as ignorable (https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt).
 */
export const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]/u;
