import { xmlText } from './xml.js';

/** For element content and for attributes in double quotes, in HTML and in SVG. */
export function htmlText(text: string): string {
  return xmlText(text).replaceAll('"', '&quot;');
}
