import { statSync } from 'node:fs';
import path from 'node:path';
import type { Rule } from '../core/rule.js';
import { overlaySource } from '../model/overlay.js';
import type { ContextChoice } from '../project/choose-context.js';
import { discover } from '../project/discover.js';
import { createFileConfigs, type FileConfigs } from '../project/file-configs.js';
import { dockerfileFor, findFileContext } from '../project/file-context.js';
import { readTextFile } from '../project/files.js';
import { type ContextFinder, createContextFinder } from '../project/find-context.js';
import { createConfigLoader, type LoadedConfig } from '../project/load-config.js';
import { type OpenedContext, openContext } from '../project/open-context.js';
import { createSources } from '../project/shared-sources.js';
import { shownPath } from '../project/shown-path.js';
import { uriOf } from '../report/uri.js';
import { pathOfUri, uriBeside } from './file-uri.js';
import type { FoundDocument, Host, OpenFile, Surroundings, Workspace } from './host.js';

/** What is known of one folder: a workspace folder, or that of a file outside of all. */
interface Folder {
  /** Absolute. */
  readonly path: string;
  readonly configs: FileConfigs;
  /** Of each config file when it was read. */
  readonly stamps: Map<string, string | undefined>;
  readonly finder: ContextFinder;
  readonly sources: ReturnType<typeof createSources>;
  readonly contexts: Map<string, { readonly overlay: string; readonly opened: OpenedContext }>;
}

/** The disk of the machine. Documents without a file (untitled ones) get the config of the first workspace folder and no context. */
export function nodeHost(rules: readonly Rule[], workspace: Workspace): Host {
  return new NodeHost(rules, workspace);
}

const windows = path.sep === '\\';

class NodeHost implements Host {
  readonly #rules: readonly Rule[];
  readonly #workspace: Workspace;
  readonly #folders = new Map<string, Folder>();

  constructor(rules: readonly Rule[], workspace: Workspace) {
    this.#rules = rules;
    this.#workspace = workspace;
  }

  async surroundings(file: OpenFile, configPath: string): Promise<Surroundings> {
    const own = pathOfUri(file.uri, windows);
    const { folder, place, loaded } = this.#configFor(own, configPath);
    const choice =
      own === undefined
        ? undefined
        : await findFileContext(folder.finder, { ...file, file: own, loaded, read: (other) => textOf(other) });
    const opened = choice && own !== undefined ? this.#open(folder, choice, own, file.kind) : undefined;
    const beside = (target: string) => (own === undefined ? uriOf(slashed(target)) : uriFrom(file.uri, own, target));
    return {
      path: own === undefined ? file.uri : shownPath(folder.path, own),
      config: folder.configs.resolved(place),
      configUri: loaded.path === undefined ? undefined : beside(loaded.path),
      configFiles: loaded.files.map((one) => ({ uri: beside(one.path), text: one.text, problems: one.problems })),
      configUris: loaded.sought.map(beside),
      errors: loaded.errors,
      excluded: own !== undefined && folder.configs.excludes(own),
      context: opened?.context,
      contextWith: opened?.contextWith,
      note: choice?.note,
      unread: choice?.unread,
      uriOf: (inner) => (choice ? beside(path.join(choice.folder, inner)) : undefined),
    };
  }

  async read(uri: string): Promise<string | undefined> {
    const file = pathOfUri(uri, windows);
    return file === undefined ? undefined : textOf(file);
  }

  stamp(uri: string): string | undefined {
    const file = pathOfUri(uri, windows);
    return file === undefined ? undefined : stampOf(file);
  }

  async find(folder: string): Promise<readonly FoundDocument[]> {
    const root = pathOfUri(folder, windows);
    if (root === undefined) return [];
    const { configs } = this.#folderFor(path.join(root, 'Dockerfile'), '');
    const excluded = (file: string, isFolder: boolean) => !isFolder && configs.excludes(file);
    const { files } = discover([root], { cwd: root, excluded });
    return files.map((found) => ({
      uri: uriFrom(`${folder.replace(/\/+$/, '')}/x`, path.join(root, 'x'), found.path),
      kind: found.kind,
    }));
  }

  forget(): void {
    this.#folders.clear();
  }

  async fetchMissing(): Promise<boolean> {
    return false;
  }

  /** What is known of the folder, anew where a config file has changed: not every client tells of that. */
  #configFor(file: string | undefined, configPath: string) {
    for (;;) {
      const folder = this.#folderFor(file, configPath);
      const place = file ?? path.join(folder.path, 'Dockerfile');
      const loaded = folder.configs.loaded(place);
      if (loaded.sought.every((one) => isAsRead(folder, one))) return { folder, place, loaded };
      this.#folders.delete(keyOf(folder.path, configPath));
    }
  }

  #folderFor(file: string | undefined, configPath: string): Folder {
    const cwd = this.#workspaceFolder(file) ?? (file === undefined ? path.resolve('.') : path.dirname(file));
    const key = keyOf(cwd, configPath);
    const known = this.#folders.get(key);
    if (known) return known;
    const folder: Folder = {
      path: cwd,
      configs: createFileConfigs({ rules: this.#rules, cwd, fixed: this.#fixedConfig(cwd, configPath) }),
      stamps: new Map(),
      finder: createContextFinder(cwd),
      sources: createSources(),
      contexts: new Map(),
    };
    this.#folders.set(key, folder);
    return folder;
  }

  #fixedConfig(cwd: string, configPath: string): LoadedConfig | undefined {
    return configPath === '' ? undefined : createConfigLoader(this.#rules).load(path.resolve(cwd, configPath));
  }

  /** The innermost that holds the file; for no file the first. */
  #workspaceFolder(file: string | undefined): string | undefined {
    const folders = this.#workspace.folders().flatMap((uri) => pathOfUri(uri, windows) ?? []);
    if (file === undefined) return folders[0];
    const holding = folders.filter((folder) => insideOf(folder, file) !== undefined);
    return holding.sort((a, b) => b.length - a.length)[0];
  }

  /** A context is kept until a file, an open ignore file or an open manifest changes; the text of the Dockerfile itself is not asked for. */
  #open(folder: Folder, choice: ContextChoice, file: string, kind: OpenFile['kind']): OpenedContext {
    const dockerfile = dockerfileFor(file, kind);
    const key = [choice.folder, choice.origin, choice.plausible, dockerfile].join('\0');
    const { files, version } = this.#openFilesIn(choice.folder);
    const known = folder.contexts.get(key);
    if (known?.overlay === version) return known.opened;
    const base = folder.sources(choice.folder);
    const unsaved = new Map([...files].filter(([inner, text]) => base.read(inner) !== text));
    const source = unsaved.size > 0 ? overlaySource(base, unsaved) : base;
    const opened = openContext({ choice, dockerfile, cwd: folder.path, source });
    folder.contexts.set(key, { overlay: version, opened });
    return opened;
  }

  #openFilesIn(folder: string): { files: ReadonlyMap<string, string>; version: string } {
    const files = new Map<string, string>();
    let stamps = '';
    for (const { uri, version, text } of this.#workspace.openFiles()) {
      const file = pathOfUri(uri, windows);
      const inner = file === undefined ? undefined : insideOf(folder, file);
      if (inner === undefined) continue;
      files.set(inner, text);
      stamps += `${uri} ${version}\n`;
    }
    return { files, version: stamps };
  }
}

function keyOf(folder: string, configPath: string): string {
  return `${folder}\0${configPath}`;
}

function isAsRead({ stamps }: Folder, file: string): boolean {
  const stamp = stampOf(file);
  if (stamps.has(file)) return stamps.get(file) === stamp;
  stamps.set(file, stamp);
  return true;
}

function stampOf(file: string): string | undefined {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  const read = readTextFile(file);
  return 'text' in read ? read.text : undefined;
}

/** Relative with `/`; undefined where the file lies outside the folder. */
function insideOf(folder: string, file: string): string | undefined {
  const relative = slashed(path.relative(folder, file));
  return relative === '..' || relative.startsWith('../') || path.isAbsolute(relative) ? undefined : relative;
}

function slashed(file: string): string {
  return windows ? file.split(path.sep).join('/') : file;
}

/** The URI of `target` in the manner of `uri`, whose path is `file`. */
function uriFrom(uri: string, file: string, target: string): string {
  const relative = path.relative(path.dirname(file), target);
  return path.isAbsolute(relative) ? uriOf(slashed(relative)) : uriBeside(uri, slashed(relative));
}
