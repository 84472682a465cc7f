import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Repositories in folders, by their names, each once: clones named OWNER__NAME, or mirrors OWNER+NAME/repo. */
export function repositoriesIn(folders) {
  const found = new Map();
  for (const folder of folders) {
    for (const entry of readdirSync(folder).sort()) {
      const [, owner, name] = /^(.+?)(?:__|\+)(.+)$/.exec(entry) ?? [];
      const at = ['repo', '.git', '.']
        .map((sub) => path.join(folder, entry, sub))
        .find((one) => existsSync(path.join(one, 'HEAD')));
      if (name && at && !found.has(`${owner}/${name}`.toLowerCase()))
        found.set(`${owner}/${name}`.toLowerCase(), { repository: `${owner}/${name}`, from: path.resolve(at) });
    }
  }
  return [...found.values()];
}
