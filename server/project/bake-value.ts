/** An expression of a bake file as far as it is plain; undefined stands for one that is not. */
export type BakeValue =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly (string | Reference | undefined)[] }
  | Reference
  | { readonly kind: 'list'; readonly items: readonly (BakeValue | undefined)[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, BakeValue | undefined> };

/** `NAME`, or `item.field` of a matrix. */
export interface Reference {
  readonly kind: 'reference';
  readonly path: readonly string[];
}

/** What an expression comes to; undefined where that is not known. */
export type BakeResult =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly BakeResult[]
  | { readonly fields: ReadonlyMap<string, BakeResult> };

/** Values of names; those of variables, and of the matrix where there is one. */
export type BakeScope = (name: string) => BakeResult;

/** What an expression comes to where names have these values. */
export function evaluateBake(value: BakeValue | undefined, scope: BakeScope): BakeResult {
  switch (value?.kind) {
    case 'literal':
      return value.value;
    case 'template':
      return joined(value.parts.map((part) => (typeof part === 'string' ? part : evaluateBake(part, scope))));
    case 'reference':
      return value.path.slice(1).reduce(fieldOf, scope(value.path[0] ?? ''));
    case 'list':
      return value.items.map((item) => evaluateBake(item, scope));
    case 'map':
      return { fields: new Map([...value.entries].map(([key, one]) => [key, evaluateBake(one, scope)])) };
    default:
      return undefined;
  }
}

/** A text; of numbers and booleans too, as HCL converts them. Undefined for null and what is not known. */
export function bakeText(result: BakeResult): string | undefined {
  return typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean'
    ? String(result)
    : undefined;
}

/** Undefined where it is no map. */
export function bakeFields(result: BakeResult): ReadonlyMap<string, BakeResult> | undefined {
  return typeof result === 'object' && result !== null && 'fields' in result ? result.fields : undefined;
}

/** Undefined where it is no list. */
export function bakeItems(result: BakeResult): readonly BakeResult[] | undefined {
  return Array.isArray(result) ? result : undefined;
}

function fieldOf(result: BakeResult, name: string): BakeResult {
  return bakeFields(result)?.get(name);
}

function joined(parts: readonly BakeResult[]): string | undefined {
  const texts = parts.map(bakeText);
  return texts.includes(undefined) ? undefined : texts.join('');
}
