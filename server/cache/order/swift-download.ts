import type { Project } from '../../model/install-project.js';
import type { Install } from '../../model/installs.js';
import { inFolder } from '../../model/manifests/reading.js';

/** What is fetched, in the folder of the project (`Workspace+Configuration.swift:Location`). */
export const fetchedBySwift: readonly string[] = [
  'checkouts',
  'repositories',
  'artifacts',
  'prebuilts',
  'registry',
  'workspace-state.json',
].map((name) => `.build/${name}`);

/**
 * SwiftPM resolves in one way for both commands and takes checkouts as it finds them (`Workspace+Dependencies.swift:_resolve`). That was
 * read; it was not tried.
 */
export function doubtOfSwift(command: string): string {
  return `the build goes on with what \`${command}\` leaves in .build, and nobody has compared what it leaves then`;
}

/** It is locked what is fetched, and the build looks for it in the .build of the project, into which the context brings nothing. */
export function resolvesInProject(
  { options, directory = '/' }: Install,
  { context, folder, reading }: Project,
): boolean {
  const moving = /^--(?:scratch|build|cache|config|security)-path$|^--(?:disable|skip)-|^--replace-scm/;
  const own = inFolder(folder, '.build');
  return (
    directory !== '/' &&
    reading.files.has(inFolder(folder, 'Package.resolved')) &&
    (context.entry(own) === undefined || context.ignored(own)) &&
    !options.some(({ name }) => moving.test(name))
  );
}
