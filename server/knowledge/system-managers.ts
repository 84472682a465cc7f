import { type CacheFolder, cache, type PackageManager } from './package-manager.js';
import { microdnfImages, yumImages, yumIsDnf5Images, yumIsDnfImages } from './rpm-images.js';

/** A manager of the distribution's packages: it reads nothing of the project. */
function system(
  facts: Pick<PackageManager, 'name' | 'programs' | 'commands'> & Partial<PackageManager>,
): PackageManager {
  return { manifests: [], lockfiles: [], settings: [], writes: [], caches: [], ...facts };
}

function systemCache(path: string, rest: Partial<CacheFolder> = {}): CacheFolder {
  return cache(path, { sharing: 'locked', perDistribution: true, kinds: ['packages', 'index'], ...rest });
}

/** Of apt 2.7.8 and later; https://salsa.debian.org/apt-team/apt, `cmdline/apt-get.cc`. */
const distClean = ['apt-get distclean', 'apt-get dist-clean', 'apt distclean', 'apt dist-clean'];

/** Managers of a distribution's own packages. */
export const systemManagers: readonly PackageManager[] = [
  system({
    name: 'apt',
    programs: ['apt-get', 'apt', 'aptitude'],
    commands: [
      { kind: 'index', words: 'update' },
      { kind: 'packages', words: 'install|upgrade|dist-upgrade|full-upgrade|build-dep|satisfy|reinstall|safe-upgrade' },
    ],
    valueOptions: ['-o', '--option', '-t', '--target-release', '-c', '--config-file', '-a', '--host-architecture'],
    caches: [
      // https://docs.docker.com/reference/dockerfile/#run---mounttypecache: apt needs its files for itself.
      // In Debian's and Ubuntu's images /etc/apt/apt.conf.d/docker-clean empties /var/cache/apt after each install.
      systemCache('/var/cache/apt', {
        cleanup: [
          'apt-get clean',
          'apt clean',
          'apt-get autoclean',
          'apt-get auto-clean',
          'apt autoclean',
          'apt auto-clean',
          ...distClean,
        ],
      }),
      systemCache('/var/lib/apt', { cleanup: distClean }),
    ],
  }),
  system({
    name: 'apk',
    programs: ['apk'],
    commands: [
      { kind: 'index', words: 'update' },
      { kind: 'packages', words: 'add|upgrade|fix' },
    ],
    valueOptions: [
      '-t',
      '--virtual',
      '-X',
      '--repository',
      '-p',
      '--root',
      '--arch',
      '--cache-dir',
      '--repositories-file',
      '--keys-dir',
      '--wait',
    ],
    caches: [
      // apk-tools `src/database.c`: packages are kept only where /etc/apk/cache is there (or with --cache-dir);
      // /var/cache/apk alone holds no more than the index.
      systemCache('/etc/apk/cache', {
        unless: ['--cache-dir'],
        defeatedBy: ['--no-cache'],
        cleanup: ['apk cache clean'],
      }),
    ],
  }),
  system({
    name: 'dnf',
    programs: ['dnf', 'dnf5'],
    commands: [
      { kind: 'index', words: 'makecache|check-update' },
      {
        kind: 'packages',
        words: 'install|in|upgrade|up|update|upgrade-minimal|reinstall|groupinstall|builddep|distro-sync|group|module',
      },
    ],
    valueOptions: [
      '--setopt',
      '--enablerepo',
      '--disablerepo',
      '--repo',
      '--releasever',
      '--installroot',
      '-x',
      '--exclude',
      '-c',
      '--config',
      '--forcearch',
    ],
    caches: [
      // dnf 4: /var/cache/dnf, dnf 5 (Fedora 41 and later): /var/cache/libdnf5; `keepcache` is off by default in both
      systemCache('/var/cache/dnf', {
        unless: ['--installroot'],
        keepOption: '--setopt=keepcache=True',
        cleanup: ['dnf clean'],
      }),
      systemCache('/var/cache/libdnf5', {
        unless: ['--installroot'],
        keepOption: '--setopt=keepcache=True',
        cleanup: ['dnf clean', 'dnf5 clean'],
      }),
    ],
  }),
  system({
    name: 'yum',
    programs: ['yum'],
    commands: [
      { kind: 'index', words: 'makecache|check-update' },
      { kind: 'packages', words: 'install|update|upgrade|reinstall|groupinstall|localinstall' },
    ],
    valueOptions: [
      '--setopt',
      '--enablerepo',
      '--disablerepo',
      '--releasever',
      '--installroot',
      '-x',
      '--exclude',
      '-c',
    ],
    // yum is another name of dnf since RHEL 8 and has another folder before: certain only for images that are known.
    caches: [
      systemCache('/var/cache/yum', {
        images: yumImages,
        unless: ['--installroot'],
        keepOption: '--setopt=keepcache=1',
        cleanup: ['yum clean'],
      }),
      systemCache('/var/cache/dnf', {
        images: yumIsDnfImages,
        unless: ['--installroot'],
        keepOption: '--setopt=keepcache=True',
        cleanup: ['yum clean', 'dnf clean'],
      }),
      systemCache('/var/cache/libdnf5', {
        images: yumIsDnf5Images,
        unless: ['--installroot'],
        keepOption: '--setopt=keepcache=True',
        cleanup: ['yum clean', 'dnf clean'],
      }),
    ],
  }),
  system({
    name: 'microdnf',
    programs: ['microdnf', 'tdnf'],
    commands: [
      { kind: 'index', words: 'makecache|check-update' },
      { kind: 'packages', words: 'install|update|upgrade|reinstall' },
    ],
    valueOptions: ['--setopt', '--enablerepo', '--disablerepo', '--releasever', '--installroot'],
    // On other images it may be dnf 5 or too old to keep packages; tdnf (/var/cache/tdnf) knows keepcache in its newest versions only.
    caches: [
      systemCache('/var/cache/yum', {
        images: microdnfImages,
        unless: ['--installroot'],
        keepOption: '--setopt=keepcache=1',
        cleanup: ['microdnf clean'],
      }),
    ],
  }),
  system({
    name: 'zypper',
    programs: ['zypper'],
    commands: [
      { kind: 'index', words: 'refresh|ref' },
      { kind: 'packages', words: 'install|in|update|up|patch|dist-upgrade|dup' },
    ],
    valueOptions: ['-r', '--repo', '--root', '-R', '-p', '--plus-repo', '-t', '--type', '--from'],
    // https://en.opensuse.org/SDB:Zypper_usage: metadata; packages only for repositories that keep them
    caches: [systemCache('/var/cache/zypp', { cleanup: ['zypper clean', 'zypper cc'] })],
  }),
  system({
    name: 'pacman',
    programs: ['pacman'],
    commands: [
      { kind: 'packages', words: '', with: ['-S', '-Sy', '-Syu', '-Syyu', '-Su', '-Syy', '-Suy', '-Syuw', '--sync'] },
    ],
    valueOptions: ['--root', '--dbpath', '--cachedir', '--overwrite', '--ignore'],
    // pacman.conf(5): CacheDir
    caches: [
      systemCache('/var/cache/pacman/pkg', {
        unless: ['--cachedir', '--root'],
        kinds: ['packages'],
        cleanup: ['pacman -Sc', 'pacman -Scc'],
      }),
    ],
  }),
];
