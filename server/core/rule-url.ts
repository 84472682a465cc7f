/** The page of a rule on the web. */
export function ruleUrl(name: string): string {
  return `https://github.com/layerwise/layerwise/blob/main/docs/rules/${name}.md`;
}
