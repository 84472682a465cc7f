export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, entities resolved. */
  readonly text: string;
}

const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * A small, strict XML 1.0 reader: elements, attributes, the five entities and character references. Throws on anything else,
 * on tags that do not match and on characters that XML forbids; white space in attributes becomes blanks, as the standard says.
 */
export function readXml(source: string): XmlElement {
  if (FORBIDDEN.test(source)) throw new Error('forbidden character');
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(source);
  if (!declaration) throw new Error('no XML declaration');
  const { element, end } = readElement(source, declaration[0].length);
  if (source.slice(end).trim() !== '') throw new Error('text after the root element');
  return element;
}

function readElement(source: string, at: number): { element: XmlElement; end: number } {
  const tag = /<([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.-]*="[^"<]*")*)\s*(\/?)>/y;
  tag.lastIndex = at;
  const open = tag.exec(source);
  if (!open) throw new Error(`no start tag at ${at}: ${source.slice(at, at + 60)}`);
  const [whole, name = '', list = '', closed] = open;
  const attributes = readAttributes(list);
  if (closed) return { element: { name, attributes, children: [], text: '' }, end: at + whole.length };
  const children: XmlElement[] = [];
  let text = '';
  let next = at + whole.length;
  for (;;) {
    const angle = source.indexOf('<', next);
    if (angle === -1) throw new Error(`${name} is not closed`);
    const raw = source.slice(next, angle).replace(/\r\n?/g, '\n');
    if (raw.includes(']]>')) throw new Error(']]> in text');
    text += resolve(raw);
    if (source.startsWith(`</${name}>`, angle))
      return { element: { name, attributes, children, text }, end: angle + name.length + 3 };
    const child = readElement(source, angle);
    children.push(child.element);
    next = child.end;
  }
}

function readAttributes(list: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of list.matchAll(/([\w.-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(attributes, name)) throw new Error(`${name} twice`);
    attributes[name] = resolve(value.replace(/\r\n|[\t\n\r]/g, ' '));
  }
  return attributes;
}

function resolve(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    if (!whole.endsWith(';')) throw new Error(`bare ampersand: ${whole}`);
    const code = /^#(\d+)$/.exec(name);
    const character = code ? String.fromCodePoint(Number(code[1])) : ENTITIES[name];
    if (character === undefined) throw new Error(`unknown entity ${whole}`);
    if (FORBIDDEN.test(character)) throw new Error(`forbidden character ${whole}`);
    return character;
  });
}
