import { parentOf } from '../../syntax/go-path.js';
import { inFolder, type Reading } from './reading.js';

/**
 * Notes what poms and settings of Maven name besides themselves: archives (`systemPath`, without which `DefaultArtifactResolver` of
 * maven-resolver fails), folders that are repositories, files that decide about profiles (https://maven.apache.org/pom.html), and words
 * of `.mvn` (https://maven.apache.org/configure.html). `poms` are their texts without comments, by path.
 */
export function readPlaces(poms: ReadonlyMap<string, string>, folder: string, reading: Reading): void {
  const { context } = reading;
  for (const name of ['.mvn/maven.config', '.mvn/jvm.config']) readWords(inFolder(folder, name), folder, reading);
  const settings = [...reading.files].filter((path) => !poms.has(path) && path.endsWith('.xml'));
  const texts = new Map(poms);
  for (const path of settings) texts.set(path, (context.read(path) ?? '').replaceAll(/<!--[\s\S]*?-->/g, ''));
  const bases = [...poms.keys()].map(parentOf);
  const all = [...texts.values()].join('\n');
  for (const [path, text] of texts) {
    if (text.includes('<localRepository>')) reading.doubts.add(`${path} moves the folder of the packages`);
    for (const place of [...archivesIn(text), ...repositoriesIn(text, all)])
      if (!placesOf(place, folder, bases).filter((one) => reading.add(one)).length)
        reading.doubts.add(`${path} takes packages from ${place}`);
    for (const place of conditionsIn(text)) {
      const found = placesOf(place, folder, bases).find((one) => context.entry(one) && !context.ignored(one));
      if (found !== undefined && !reading.files.has(found)) reading.doubts.add(`${path} asks whether ${found} exists`);
    }
  }
}

/** Options that every call gets: files that they name. */
function readWords(path: string, folder: string, reading: Reading): void {
  const text = reading.context.ignored(path) ? '' : (reading.context.read(path) ?? '');
  if (/\bmaven\.repo\.local\b/.test(text)) reading.doubts.add(`${path} moves the folder of the packages`);
  for (const word of text.split(/[\s="]+/)) {
    const place = inFolder(folder, word.replace(/^\$\{[\w.]+\}\//, ''));
    if (reading.context.entry(place)?.type === 'file') reading.add(place);
  }
}

function archivesIn(text: string): readonly string[] {
  return valuesOf(text, 'systemPath').filter((path) => !/^(?:\$\{(?:java\.home|env\.JAVA_HOME)\}|\/usr\/)/.test(path));
}

/** Addresses of repositories that are no ones of the network; those that only a settings file elsewhere knows are taken for such. */
function repositoriesIn(text: string, all: string): readonly string[] {
  const blocks = [...text.matchAll(/<(repositories|pluginRepositories|mirrors)>([\s\S]*?)<\/\1>/g)];
  return blocks
    .flatMap(([, , block = '']) => valuesOf(block, 'url'))
    .map((url) => url.replace(/^\$\{([\w.-]+)\}/, (whole, name: string) => valuesOf(all, name)[0] ?? whole))
    .filter((url) => url.startsWith('file:') || isBase.test(url))
    .map((url) => url.replace(/^file:(?:\/*(?=\$)|\/\/(?=[/.]))?/, ''));
}

function conditionsIn(text: string): readonly string[] {
  const blocks = text.match(/<activation>[\s\S]*?<\/activation>/g) ?? [];
  return blocks.flatMap((block) => [...valuesOf(block, 'exists'), ...valuesOf(block, 'missing')]);
}

const isBase = /^\$\{(?:(?:project|pom)\.)?(?:basedir|baseUri)\}\/*/;
const isTop = /^\$\{(?:maven\.multiModuleProjectDirectory|session\.executionRootDirectory|user\.dir)\}\/*/;

/** Paths of the context that it may mean; none where that is not known. */
function placesOf(place: string, folder: string, bases: readonly string[]): readonly string[] {
  const rest = place.replace(isBase, '').replace(isTop, '');
  if (rest === '' || rest.startsWith('/') || rest.includes('${')) return [];
  const folders = isTop.test(place) ? [folder] : isBase.test(place) ? bases : [folder, ...bases];
  return folders.map((one) => inFolder(one, rest));
}

function valuesOf(text: string, element: string): readonly string[] {
  const pattern = new RegExp(`<${element.replaceAll('.', '\\.')}>\\s*([^<]+?)\\s*</`, 'g');
  return [...text.matchAll(pattern)].map(([, value = '']) => value);
}
