import { inFolder, type Reading } from './reading.js';
import { addFirst, readSettings } from './setuptools.js';

/** Arguments of `setup` and `find_packages` that name no file that must be there. */
const words = new Set(
  'from import setuptools setup find_packages find_namespace_packages True False None name version description long_description long_description_content_type author author_email maintainer maintainer_email url download_url project_urls license classifiers keywords python_requires packages package_dir install_requires extras_require entry_points include_package_data zip_safe package_data exclude_package_data platforms where include exclude if __name__'.split(
    ' ',
  ),
);

/**
 * What setuptools reads of a `setup.py` that only calls `setup` with texts, lists and what it finds in folders: then it does the same
 * without the sources but for the files it packs. Any other may do what it likes.
 */
export function readSetupScript(reading: Reading, folder: string): void {
  const text = reading.read(inFolder(folder, 'setup.py')) ?? '';
  const bare = text.replaceAll(
    /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g,
    (found) => (found.startsWith('#') ? '' : '""'),
  );
  const odd = (bare.match(/[A-Za-z_]\w*|[^\w\s"(),=[\]{}:.]/g) ?? []).find((word) => !words.has(word));
  if (odd !== undefined) reading.blockers.add(`setup.py has \`${odd}\``);
  if (/@\s*(?:file:|\.|\/)/.test(text))
    reading.blockers.add('setup.py has a dependency that is a folder of this repository');
  readSettings(folder, reading);
  const root = rootOf(text, reading);
  const found = [...text.matchAll(/\bfind_(?:namespace_)?packages\(\s*(?:where\s*=\s*)?["']([^"']+)["']/g)];
  const list = /\bpackages\s*=\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const named = [...list.matchAll(/["']([\w.]+)["']/g)].map(([, name = '']) => `${root}/${name.replaceAll('.', '/')}`);
  const homes = [...found.map(([, home = '']) => home), ...named, ...(root === '.' ? [] : [root])];
  for (const home of new Set(homes.map((one) => inFolder(folder, one)))) if (home !== folder) addFirst(home, reading);
}

/** Folder of all packages. */
function rootOf(text: string, { blockers }: Reading): string {
  const given = /\bpackage_dir\s*=/.test(text);
  const [, root] = /\bpackage_dir\s*=\s*\{\s*["']{2}\s*:\s*["']([\w./-]+)["']\s*,?\s*\}/.exec(text) ?? [];
  if (given && root === undefined) blockers.add('setup.py maps packages to folders');
  return root ?? '.';
}
