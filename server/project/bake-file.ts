import { type HclBody, parseHcl } from './bake-hcl.js';
import { readTemplate } from './bake-template.js';
import type { BakeValue } from './bake-value.js';

/** What a bake file says, or several that are read as one. Nothing is evaluated. */
export interface BakeFile {
  /** Defaults of variables, and attributes of the file. */
  readonly variables: ReadonlyMap<string, BakeValue | undefined>;
  /** Name → attribute → value. */
  readonly targets: ReadonlyMap<string, BakeAttributes>;
  /** Targets and groups that groups list. */
  readonly grouped: readonly (BakeValue | undefined)[];
}

export type BakeAttributes = ReadonlyMap<string, BakeValue | undefined>;

/** Undefined where the text is not what the name says: HCL, or JSON for a name in `.json`. */
export function parseBakeFile(name: string, text: string): BakeFile | undefined {
  const body = /\.json$/i.test(name) ? parseJsonBody(text) : parseHcl(text);
  if (!body) return undefined;
  const variables = new Map(body.attributes);
  const targets = new Map<string, BakeAttributes>();
  const grouped: (BakeValue | undefined)[] = [];
  for (const { type, labels, body: inner } of body.blocks) {
    const [label = ''] = labels;
    if (type === 'variable') variables.set(label, inner.attributes.get('default'));
    if (type === 'group') grouped.push(inner.attributes.get('targets'));
    if (type === 'target') targets.set(label, mergeTargets(targets.get(label), inner.attributes));
  }
  return { variables, targets, grouped };
}

/** Files as bake reads them together: of an attribute that two have, the later holds (https://docs.docker.com/build/bake/reference/#file-format). */
export function mergeBakeFiles(files: readonly BakeFile[]): BakeFile {
  const targets = new Map<string, BakeAttributes>();
  for (const file of files)
    for (const [name, attributes] of file.targets) targets.set(name, mergeTargets(targets.get(name), attributes));
  return {
    variables: new Map(files.flatMap(({ variables }) => [...variables])),
    targets,
    grouped: files.flatMap(({ grouped }) => grouped),
  };
}

/** Of `args` and `contexts` the entries are merged (`bake/bake.go`, `Target.Merge`). */
function mergeTargets(first: BakeAttributes = new Map(), second: BakeAttributes): BakeAttributes {
  const merged = new Map(first);
  for (const [key, value] of second) {
    const before = merged.get(key);
    const both = (key === 'args' || key === 'contexts') && before?.kind === 'map' && value?.kind === 'map';
    merged.set(key, both ? { kind: 'map', entries: new Map([...before.entries, ...value.entries]) } : value);
  }
  return merged;
}

/** JSON in the shape of the blocks: `{ "target": { "app": { … } } }` (https://github.com/hashicorp/hcl/blob/main/json/spec.md). */
function parseJsonBody(text: string): HclBody | undefined {
  try {
    const top = fieldsOf(JSON.parse(text.replace(/^\ufeff/, '')));
    const kinds = ['variable', 'group', 'target'];
    const blocks = kinds.flatMap((type) =>
      Object.entries(fieldsOf(top[type])).map(([label, inner]) => ({
        type,
        labels: [label],
        body: { attributes: jsonAttributes(fieldsOf(inner)), blocks: [] },
      })),
    );
    const rest = Object.entries(top).filter(([key]) => !kinds.includes(key) && key !== 'function');
    return { attributes: jsonAttributes(Object.fromEntries(rest)), blocks };
  } catch {
    return undefined;
  }
}

function jsonAttributes(fields: Readonly<Record<string, unknown>>): BakeAttributes {
  return new Map(Object.entries(fields).map(([key, value]) => [key, jsonValue(value)]));
}

function jsonValue(value: unknown): BakeValue {
  if (typeof value === 'string') return readTemplate(value, 0, false).value;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { kind: 'literal', value };
  if (Array.isArray(value)) return { kind: 'list', items: value.map(jsonValue) };
  return { kind: 'map', entries: jsonAttributes(fieldsOf(value)) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
