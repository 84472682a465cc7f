import * as v from 'valibot';
import type { OptionsSchema } from './rule.js';

export interface OptionDescription {
  readonly name: string;
  /** In the terms of JSON: `string`, `array`, `"a" or "b"`. */
  readonly type: string;
  /** Undefined where it has no default. */
  readonly initial: unknown;
  readonly description: string | undefined;
}

/** What a rule's options schema says of each option. */
export function describeOptions(schema: OptionsSchema): readonly OptionDescription[] {
  const entries = 'entries' in schema ? (schema.entries as Readonly<Record<string, v.GenericSchema>>) : {};
  const defaults = v.safeParse(schema, {});
  const values = defaults.success ? (defaults.output as Readonly<Record<string, unknown>>) : {};
  return Object.entries(entries).map(([name, entry]) => ({
    name,
    type: typeName(entry),
    initial: values[name],
    description: v.getDescription(unwrap(entry)) ?? v.getDescription(entry),
  }));
}

function unwrap(schema: v.GenericSchema): v.GenericSchema {
  return 'wrapped' in schema ? unwrap(schema.wrapped as v.GenericSchema) : schema;
}

function typeName(schema: v.GenericSchema): string {
  const inner = unwrap(schema);
  // a list of dozens of names belongs into the schema
  if (inner.type === 'picklist' && 'options' in inner && (inner.options as readonly unknown[]).length > 12)
    return 'name';
  if (inner.type === 'picklist') return inner.expects.replaceAll(' | ', ' or ').replace(/^\((.*)\)$/, '$1');
  if (inner.type === 'array' && 'item' in inner) return `list of ${typeName(inner.item as v.GenericSchema)}`;
  return inner.type;
}
