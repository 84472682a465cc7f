import assert from 'node:assert/strict';
import type { FolderEntry } from '../../../server/lsp/protocol.js';
import { type Reader, VirtualDisk } from '../../../server/lsp/web/virtual-disk.js';

const files: Record<string, string> = {
  '/here/app/Dockerfile': 'FROM scratch\n',
  '/here/app/src/main.c': 'int main;\n',
  '/elsewhere/secret': 'no\n',
};

/** Reads from `files` and notes what it was asked. */
function reader(asked: string[] = []): Reader {
  return {
    list: async (folder) => {
      asked.push(folder);
      const below = Object.keys(files).filter((file) => file.startsWith(`${folder}/`));
      const entries = below.map((file): FolderEntry => {
        const [name = '', ...rest] = file.slice(folder.length + 1).split('/');
        return { name, type: rest.length > 0 ? 'directory' : 'file', size: 1 };
      });
      return entries;
    },
    read: async (file) => {
      asked.push(file);
      return files[file] ?? null;
    },
  };
}

async function fetchAll(disk: VirtualDisk, question: () => unknown, from = reader()): Promise<number> {
  for (let rounds = 0; ; rounds++) {
    question();
    if (!(await disk.fetch(from))) return rounds;
  }
}

describe('virtual disk', () => {
  let disk: VirtualDisk;

  beforeEach(() => {
    disk = new VirtualDisk();
    disk.setRoots(['/here/app']);
  });

  it('has nothing at first, and what was asked for after a fetch', async () => {
    assert.equal(disk.text('/here/app/src/main.c'), undefined);
    await fetchAll(disk, () => disk.text('/here/app/src/main.c'));
    assert.equal(disk.text('/here/app/src/main.c'), 'int main;\n');
    assert.deepEqual(disk.entry('/here/app/src'), { name: 'src', type: 'directory', size: 1 });
  });

  it('fetches nothing where nothing is missing', async () => {
    assert.equal(await disk.fetch(reader()), false);
    await fetchAll(disk, () => disk.entry('/here/app/nowhere'));
    assert.equal(disk.entry('/here/app/nowhere'), undefined);
    assert.equal(await disk.fetch(reader()), false);
  });

  it('knows the folders above a root, and asks nothing outside', async () => {
    const asked: string[] = [];
    await fetchAll(disk, () => [disk.text('/elsewhere/secret'), disk.list('/here'), disk.list('/')], reader(asked));
    assert.deepEqual(asked, []);
    assert.equal(disk.entry('/elsewhere'), undefined);
    assert.deepEqual(
      disk.list('/here')?.map(({ name }) => name),
      ['app'],
    );
    assert.deepEqual(
      disk.list('/')?.map(({ name }) => name),
      ['here'],
    );
  });

  it('takes a file for no folder', async () => {
    await fetchAll(disk, () => disk.list('/here/app/Dockerfile/x'));
    assert.equal(disk.list('/here/app/Dockerfile'), undefined);
    assert.equal(disk.text('/here/app/src'), undefined);
  });

  it('reads anew, in one round, what it has to forget', async () => {
    const question = () => disk.text('/here/app/src/main.c');
    assert.equal(await fetchAll(disk, question), 3);
    files['/here/app/src/main.c'] = 'int main();\n';
    disk.forget();
    assert.equal(await fetchAll(disk, question), 1);
    assert.equal(question(), 'int main();\n');
  });
});
