/**
 * The home folder that words of `useradd` or `adduser` name, by itself or behind other letters (`-rmd /opt/app`, of BusyBox `-Dh /opt/app`);
 * undefined where they name none, or one that is not known.
 */
export function homeOption(texts: readonly (string | undefined)[]): string | undefined {
  const at = texts.findIndex((text) => /^(?:-[A-Za-z]*[dh]|--home|--home-dir)$/.test(text ?? ''));
  if (at !== -1) return texts[at + 1];
  return texts.flatMap((text) => /^(?:--home(?:-dir)?=|-[A-Za-z]*?[dh](?=\/))(.+)$/.exec(text ?? '')?.[1] ?? [])[0];
}
