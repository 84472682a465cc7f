/** A build section as it is written; nothing is substituted. */
export interface ComposeYaml {
  readonly service: string;
  /** Of the build section in the text, else of its service. */
  readonly offset: number;
  readonly context: string | undefined;
  readonly dockerfile: string | undefined;
  readonly inline: string | undefined;
  readonly target: string | undefined;
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly additionalContexts: ReadonlyMap<string, string>;
}

/** The build sections of a compose file, in its order; none where it is not YAML. */
export async function parseComposeYaml(text: string): Promise<readonly ComposeYaml[]> {
  // Loaded only here: the parser takes as long to start as all the rest.
  const { parseDocument, isNode } = await import('yaml');
  try {
    const document = parseDocument(text, { merge: true, logLevel: 'silent', uniqueKeys: false });
    const services = entries(entries(document.toJS({ maxAliasCount: 1000 })).get('services'));
    return [...services].flatMap(([service, value]) => {
      const build = entries(value).get('build');
      if (build === undefined || build === null) return [];
      const paths = [['services', service, 'build'], ['services', service], ['services']];
      const nodes = paths.map((at) => (document.hasIn(at) ? document.getIn(at, true) : undefined));
      const node = nodes.find((one) => isNode(one));
      const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
      return [{ service, offset, ...sectionOf(build) }];
    });
  } catch {
    return [];
  }
}

function sectionOf(build: unknown): Omit<ComposeYaml, 'service' | 'offset'> {
  const fields = entries(build);
  return {
    context: typeof build === 'string' ? build : stringOf(fields.get('context')),
    dockerfile: stringOf(fields.get('dockerfile')),
    inline: stringOf(fields.get('dockerfile_inline')),
    target: stringOf(fields.get('target')),
    args: pairs(fields.get('args')),
    additionalContexts: new Map(
      [...pairs(fields.get('additional_contexts'))].flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    ),
  };
}

/** A mapping, or a list of `key=value`. */
function pairs(value: unknown): Map<string, string | undefined> {
  if (!Array.isArray(value)) return new Map([...entries(value)].map(([key, one]) => [key, stringOf(one)]));
  return new Map(
    value
      .filter((one) => typeof one === 'string')
      .map((one: string) => {
        const equals = one.indexOf('=');
        return equals === -1 ? [one, undefined] : [one.slice(0, equals), one.slice(equals + 1)];
      }),
  );
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function entries(value: unknown): Map<string, unknown> {
  return new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
}
