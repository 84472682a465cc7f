/** `user@host:path`, as ssh takes it (`util/sshutil/scpurl.go:ParseSCPStyleURL`). */
const likeScp = /^[\w-]+@[a-zA-Z0-9.-]+:/;

/**
 * Whether ADD fetches a source: over HTTP, or by Git (`dockerfile2llb/convert.go:dispatchCopy`, `util/gitutil/git_ref.go`). A path that
 * ends in `.git`, or begins like `github.com/`, is one of the build context.
 */
export function isRemoteSource(text: string): boolean {
  return /^(?:https?|git|ssh):\/\//i.test(text) || likeScp.test(text);
}

/** Whether a remote source is a Git repository: SSH forms, and HTTP URLs whose path ends in `.git`. */
export function isGitSource(text: string): boolean {
  if (/^https?:\/\//i.test(text)) return /\.git$/.test(text.replace(/[?#].*$/s, ''));
  return isRemoteSource(text);
}
