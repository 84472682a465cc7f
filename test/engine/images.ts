import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Engines } from './engine.js';
import { NoEngine } from './no-engine.js';

/** A base image made for one case: no other case has its layers, so none can hit its cache. */
export interface BaseImage {
  readonly name: string;
  /** Makes its layer unlike any other. */
  readonly salt: string;
  /** Files of its own layer. */
  readonly files?: Readonly<Record<string, string>>;
  /** `Env`, `WorkingDir`, `User`, `OnBuild` … of the image's config. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const applets =
  'cat chmod chown cp cut date echo env false find grep head id ln ls mkdir mv printf pwd rm rmdir sed sh sleep sort stat tail test touch true uname wc';

let busybox: Buffer | undefined;

/** Puts the images into an engine, all at once. */
export async function loadImages(engine: Engine, engines: Engines, images: readonly BaseImage[]): Promise<void> {
  busybox ??= busyboxLayer(engines);
  const { status, stderr } = await engine.docker(['load', '--quiet'], archiveOf(images, busybox));
  if (status !== 0) throw new Error(`docker load: ${stderr}`);
}

function busyboxLayer({ debian }: Engines): Buffer {
  const places = debian ? [join(debian.root, 'usr/bin/busybox')] : ['/bin/busybox', '/usr/bin/busybox'];
  const place = places.find((one) => existsSync(one));
  if (place === undefined)
    throw new NoEngine('there is no busybox for the base image (apt-get install busybox-static)');
  return tarOf([
    { path: 'bin', type: 'folder' },
    { path: 'bin/busybox', type: 'file', data: readFileSync(place), mode: 0o755 },
    ...applets.split(' ').map((name) => ({ path: `bin/${name}`, type: 'link', link: 'busybox' }) as const),
    { path: 'etc', type: 'folder' },
    { path: 'etc/base', type: 'file', data: Buffer.from('base\n') },
    { path: 'tmp', type: 'folder', mode: 0o1777 },
  ]);
}

/** As `docker save` writes it. */
function archiveOf(images: readonly BaseImage[], common: Buffer): Buffer {
  const entries: TarEntry[] = [{ path: 'common.tar', type: 'file', data: common }];
  const manifest: unknown[] = [];
  for (const { name, salt, files = {}, config = {} } of images) {
    const layer = tarOf([
      { path: 'etc', type: 'folder' },
      { path: 'etc/salt', type: 'file', data: Buffer.from(salt) },
      ...Object.entries(files).map(([path, text]) => ({ path, type: 'file', data: Buffer.from(text) }) as const),
    ]);
    const image = {
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: [common, layer].map((data) => `sha256:${hashOf(data)}`) },
      history: [{ created_by: 'common' }, { created_by: `salt ${salt}` }],
    };
    const text = Buffer.from(JSON.stringify(image));
    const id = hashOf(Buffer.concat([text, Buffer.from(name)]));
    entries.push({ path: `${id}.tar`, type: 'file', data: layer });
    entries.push({ path: `${hashOf(text)}.json`, type: 'file', data: text });
    manifest.push({ Config: `${hashOf(text)}.json`, RepoTags: [name], Layers: ['common.tar', `${id}.tar`] });
  }
  entries.push({ path: 'manifest.json', type: 'file', data: Buffer.from(JSON.stringify(manifest)) });
  return tarOf(entries);
}

function hashOf(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** What a tar made by `tarOf` can hold. */
export type TarEntry =
  | { readonly path: string; readonly type: 'folder'; readonly mode?: number }
  | { readonly path: string; readonly type: 'file'; readonly data: Buffer; readonly mode?: number }
  | { readonly path: string; readonly type: 'link'; readonly link: string };

/** A tar in the old ustar form, all owned by root, without times. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    const data = entry.type === 'file' ? entry.data : Buffer.alloc(0);
    const header = Buffer.alloc(512);
    const number = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
    header.write(entry.type === 'folder' ? `${entry.path}/` : entry.path, 0);
    header.write(
      number(entry.type === 'link' ? 0o777 : (entry.mode ?? (entry.type === 'folder' ? 0o755 : 0o644)), 8),
      100,
    );
    header.write(number(0, 8) + number(0, 8) + number(data.length, 12) + number(0, 12), 108);
    header.write('        ', 148);
    header.write({ file: '0', link: '2', folder: '5' }[entry.type], 156);
    if (entry.type === 'link') header.write(entry.link, 157);
    header.write('ustar\u000000', 257);
    header.write(
      `${number(
        header.reduce((sum, byte) => sum + byte, 0),
        7,
      )} `,
      148,
    );
    blocks.push(header, data, Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
