/** Names of variables that CI gives another value at every build. Tool versions (`NODE_VERSION`) and cache busters, which are meant, are not among them. */
export const volatileVariable =
  /^(?:(?:APP|IMAGE|DOCKER|SOURCE|CI|VCS|BUILD|GITHUB|SENTRY|NEXT_PUBLIC|VITE|REACT_APP)_)*(?:GIT_?(?:COMMIT|SHA|HASH|REV|REVISION|REF|DESCRIBE|COMMIT_(?:SHA|HASH|ID|REF|SHORT))|COMMIT(?:_?(?:SHA|HASH|ID|REF|SHORT_SHA|TAG))?|SHA|REVISION|VCS_REF|SOURCE_(?:COMMIT|VERSION)|BUILD_?(?:DATE|TIME|TIMESTAMP|NUMBER|NUM|ID|NO|SHA|REVISION|REV|COMMIT|TAG)|RUN_(?:ID|NUMBER)|(?:CREATED|BUILT)(?:_AT)?|TIMESTAMP|PIPELINE_(?:ID|IID)|JOB_ID)$/i;

/** Variables that programs read although no line of the Dockerfile names them. */
export const implicitVariable =
  /^(?:DEBIAN_FRONTEND|.*_PROXY|.*_proxy|LANG|LC_\w+|TZ|TERM|HOME|PATH|USER|SHELL|CI|NODE_\w+|NPM_\w+|npm_\w+|YARN_\w+|PNPM_\w+|PIP_\w+|UV_\w+|POETRY_\w+|PYTHON\w*|GO\w+|CGO_\w+|CARGO_\w+|RUST\w*|MAVEN_\w+|GRADLE_\w+|JAVA_\w+|DOTNET_\w+|NUGET_\w+|BUNDLE_\w+|GEM_\w+|RAILS_\w+|RACK_\w+|COMPOSER_\w+|PHP_\w+|MIX_\w+|HEX_\w+|AWS_\w+|CUDA_\w+|NVIDIA_\w+|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|MAKEFLAGS|ACCEPT_EULA|SOURCE_DATE_EPOCH|BUILDKIT_\w+|(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT|STAGE)|(?:NEXT_PUBLIC|VITE|REACT_APP|VUE_APP|NUXT|GATSBY|EXPO_PUBLIC|PUBLIC|SENTRY|TURBO)_\w+)$/;

/** A default that names one commit or number for good; `unknown`, `dev`, `0` stand for a value that CI gives. */
export function isFixed(value: string | undefined): boolean {
  return (
    value !== undefined &&
    !/^["']?(?:|0|unknown|unspecified|undefined|none|null|n\/?a|dev|develop|development|local|latest|head|main|master|snapshot|test|\$.*)["']?$/i.test(
      value,
    )
  );
}
