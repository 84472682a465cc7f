/** Options of a program that installs from CPAN, as far as it is known what they do with files. Names with their dashes. */
export interface CpanOptions {
  /** They change nothing in which files are read and written. */
  readonly flags: RegExp;
  /** The same, of options with a value. */
  readonly values: RegExp;
  /** Options with a value that must be an address of the network. */
  readonly addresses: RegExp;
  /** Options whose value is the folder that it installs into, and the list of modules. */
  readonly into: RegExp;
  readonly list: RegExp;
  /** Letters that may stand together behind one dash, and those of them that take a value. */
  readonly letters: RegExp;
  readonly taking: RegExp;
}

const phases = 'configure|build|test|runtime|develop|requires|recommends|suggests';

/**
 * `App/cpanminus/script.pm:parse_options` 1.7046, `App/cpm/CLI.pm:parse_options` 0.990 to 1.1.5, `Carton/CLI.pm:cmd_install` 1.0.35.
 * What is not here is left out because it reads, writes or asks for something else: `--mirror-index`, `--save-dists`, `--look`,
 * `--verify`, `--cached`, `--home`, `--cpmfile`, `--metafile`, `--snapshot` and so on.
 */
export const cpanOptions: Readonly<Record<'cpanm' | 'cpm' | 'carton', CpanOptions>> = {
  cpanm: {
    flags: new RegExp(
      `^--(?:installdeps|install|force|verbose|reinstall|sudo|mirror-only|with-all-features|(?:with|without)-(?:${phases})|(?:no-?)?(?:notest|sudo|quiet|self-contained|exclude-vendor|mirror-only|cascade-search|skip-installed|skip-satisfied|uninst-shadows|lwp|wget|curl|man-pages?|dev|metacpan|report-perl-version|pp|pureperl))$`,
    ),
    values: /^--(?:(?:with|without)-feature|(?:configure|build|test)-timeout|auto-cleanup)$/,
    addresses: /^(?:--(?:mirror|from|cpanmetadb)|-M)$/,
    into: /^(?:-[lL]|--local-lib(?:-contained)?)$/,
    list: /^--cpanfile$/,
    letters: /^[nqvfSilLM]$/,
    taking: /^[lLM]$/,
  },
  cpm: {
    flags: new RegExp(
      `^--(?:global|verbose|mirror-only|dev|man-pages|reinstall|pp|pureperl|pureperl-only|sudo|show-build-log-on-failure|with-all|(?:with|without)-(?:${phases})|(?:no-?)?(?:color|test|retry|exclude-vendor|prebuilt|static-install|use-install-command|report-perl-version|default-resolvers|show-progress))$`,
    ),
    values:
      /^(?:--(?:workers|feature|target-perl|progress|final-install|top-level-(?:phase|relationship)|(?:configure|build|test)-timeout)|-w)$/,
    addresses: /^(?:--(?:mirror|resolver)|-r)$/,
    into: /^(?:-L|--local-lib-contained)$/,
    list: /^--cpanfile$/,
    letters: /^[gvwLr]$/,
    taking: /^[wLr]$/,
  },
  carton: {
    flags: /^--(?:(?:no-?)?deployment|(?:no-?)?verbose)$/,
    values: /^--without$/,
    addresses: /^$/,
    into: /^(?:-p|--path)$/,
    list: /^--cpanfile$/,
    letters: /^p$/,
    taking: /^p$/,
  },
};

/** Modules of which cpanm and cpm ask whether they are there, and those that Perl loads with them where they are. */
export const optionalModules: readonly string[] =
  'LWP::UserAgent LWP::Protocol::https File::HomeDir HTTP::Tiny IO::Socket::SSL Net::SSLeay Mozilla::CA Module::CoreList Archive::Tar Archive::Zip Compress::Zlib CPAN::Meta::YAML CPAN::Meta::XS Cpanel::JSON::XS JSON::XS YAML::XS Carton::Snapshot Module::Build Module::Build::Tiny Module::Install local::lib version::vxs'.split(
    ' ',
  );
