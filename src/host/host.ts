// The door to the outside: everything that weighbridge does to the world goes through a Host.
// Two hosts exist: a GitHub Actions runner and a laptop. Rooms take the slice they need.
import type { Problem } from "../errors.ts";

/**
 * Runs a program to its end, never through a shell. A non-zero exit code is a value. A child that it
 * leaves behind is not waited for: one that still holds its output two seconds later is ended.
 * @throws ToolError when the program cannot be started, or writes more than may be kept: then it is
 * killed
 */
export type Exec = (
  command: string,
  args: readonly string[],
  options?: ExecOptions,
) => Promise<ExecResult>;

/** How a program is run. */
export interface ExecOptions {
  readonly cwd?: string;
  /** The child's whole environment, but for the mark of its owner. Default: ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input, which is then closed. Default: no standard input. */
  readonly input?: string;
  /** The most that standard output may be where it is kept. Default: 64 MB. */
  readonly stdoutBytes?: number;
  /** Called for every line of standard output, which is then not kept. */
  readonly onStdoutLine?: (line: string) => void;
  /** Takes standard output as it comes, which is then not kept. What it throws stops the program. */
  readonly onStdout?: (bytes: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Called for every line of standard error, which is still kept, its beginning and end. */
  readonly onStderrLine?: (line: string) => void;
  /** Stops the program: SIGTERM, then SIGKILL after five seconds. Default: the host's. */
  readonly signal?: AbortSignal;
  /** Seconds after which it is stopped; the result then has no exit code. */
  readonly timeoutSeconds?: number;
}

/** How a program ended, and what it said. */
export interface ExecResult {
  /** Undefined when it was killed, or crashed. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, `SIGSEGV` say; absent when we have stopped it. */
  readonly endedBy?: string;
  /** Whole, unless `onStdout` or `onStdoutLine` took it. */
  readonly stdout: string;
  /** Of more than 64 KiB only lines of the first 4 KiB and the last 60 KiB, with a line `…` between. */
  readonly stderr: string;
}

/** The file system. Paths are absolute, or relative to the workspace. */
export interface Files {
  readText(path: string): Promise<string>;
  /** Bytes as they come, of a part of the file if one is named; never the whole file in memory. */
  readStream(path: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Atomic: readers see the old text or the new one. Makes the folders above. */
  writeText(path: string, text: string): Promise<void>;
  /** Writes what comes; atomic like `writeText`. */
  writeStream(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Undefined when there is nothing. Symbolic links are followed. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Sets its date to now: it was used. What cannot be touched is left as it is. */
  touch(path: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(path: string): Promise<void>;
  /** A file, or a folder with all in it; nothing to remove is fine. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A hard link, or a copy where the file system cannot. An existing `to` is left as it is. */
  link(from: string, to: string): Promise<void>;
  /** A hard link, and no copy: whether the file system can. An existing `to` is left as it is. */
  linkOnly(from: string, to: string): Promise<boolean>;
  symlink(target: string, path: string): Promise<void>;
  /** Where a symbolic link says that it leads to; undefined where there is no link. */
  linkTarget(path: string): Promise<string | undefined>;
  /** Absolute path with symbolic links resolved. */
  realPath(path: string): Promise<string>;
  /** Files that match, relative to the workspace, with forward slashes, sorted. */
  glob(patterns: readonly string[]): Promise<readonly string[]>;
  /**
   * An empty folder that is removed when it is disposed of, or at the latest when we end.
   * @param parent the folder that it is made in. Default: the system's for temporary files, which
   * may be memory: name another one for what can be large
   */
  temporaryFolder(prefix: string, parent?: string): Promise<TemporaryFolder>;
  /**
   * Takes a lock file; waits while a living process holds it, and takes over a dead one's.
   * @returns undefined when it is still held after `waitSeconds`.
   */
  lock(path: string, options: LockOptions): Promise<Lock | undefined>;
}

/** How long to wait for a lock. */
/** A part of a file, in bytes. */
export interface ByteRange {
  readonly start: number;
  /** The first byte that no longer belongs to it. */
  readonly end: number;
}

export interface LockOptions {
  readonly waitSeconds: number;
  /** Called once, when we have to wait. */
  readonly onWait: (holder: string) => void;
}

/** Holds a folder for one run at a time; let go when disposed of. */
export interface Lock extends AsyncDisposable {
  readonly path: string;
}

/** Lets programs on this machine talk to us over HTTP on 127.0.0.1. */
export interface Loopback {
  /** Listens on a free port until it is disposed of. A handler that throws answers 500. */
  serve(handle: LoopbackHandler): Promise<LoopbackServer>;
}

/** Answers one request. */
export type LoopbackHandler = (request: LoopbackRequest) => Promise<LoopbackResponse>;

/** A request that a program on this machine sent. */
export interface LoopbackRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What it is answered. */
export interface LoopbackResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where the server listens, until it is disposed of. */
export interface LoopbackServer extends AsyncDisposable {
  /** `127.0.0.1:41234`. */
  readonly address: string;
}

/** What a path holds. */
export interface FileStat {
  readonly kind: "file" | "folder" | "other";
  readonly bytes: number;
  readonly modifiedMilliseconds: number;
}

/** Absolute path of a folder that goes away with us. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** A place in a file of the workspace. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly endLine?: number;
  readonly title?: string;
}

/**
 * What a person reads while it runs. Texts may be hostile: a host neutralises workflow commands
 * and terminal escapes in all of them.
 */
export interface Log {
  info(text: string): void;
  /** Shown only where the user asked for more. */
  debug(text: string): void;
  /** With a place, an annotation on that line of the pull request. */
  notice(text: string, place?: Place): void;
  warning(text: string, place?: Place): void;
  error(text: string, place?: Place): void;
  /** What `info` says until `endGroup` folds under this title; where that is nothing, a runner does not show it. */
  group(title: string): void;
  endGroup(): void;
  /** What is going on right now; on a terminal, one line that is overwritten; else nothing. */
  progress(text: string): void;
  /** Whether anybody sees `progress`. */
  readonly showsProgress: boolean;
}

/** Time, as far as rooms may know of it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early when the run is cancelled. */
  sleep(milliseconds: number): Promise<void>;
}

/**
 * Writes what a URL gives into a file; atomic like `writeText`. Proxies are used, redirects are
 * followed (never from HTTPS to HTTP), no credentials are sent. Retries what is worth retrying.
 */
export type Download = (
  url: string,
  path: string,
  options?: DownloadOptions,
) => Promise<Reply<DownloadedFile>>;

/** How something is downloaded. */
export interface DownloadOptions {
  /** Stops it; it then was unreachable. Default: the host's. */
  readonly signal?: AbortSignal;
}

/** What a download left on disk. */
export interface DownloadedFile {
  readonly bytes: number;
}

/**
 * One request over HTTP or HTTPS. Proxies are used; redirects are not followed, for whoever asks
 * knows which of its headers another server may see.
 */
export type Http = (url: string, request?: HttpRequest) => Promise<HttpReply>;

export interface HttpRequest {
  /** Default: `GET`. */
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of whatever status, or none. */
export type HttpReply =
  | ({ readonly kind: "answered" } & HttpResponse)
  | { readonly kind: "unreachable"; readonly message: string };

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read to its end, or discarded. Throws when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection without the rest of the body. */
  discard(): void;
}

/** What GitHub, or whoever else was asked, answered. */
export type Reply<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** It said no, for good: retries are over. */
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  /** No answer, or half of one. */
  | { readonly kind: "unreachable"; readonly message: string };

/** A comment on a pull request. Its body is hostile text. */
export interface IssueComment {
  readonly id: number;
  readonly author: string;
  readonly authorIsBot: boolean;
  readonly body: string;
  readonly url: string;
}

/** What code scanning is sent. */
export interface SarifUpload {
  readonly commit: string;
  readonly ref: string;
  /** The document; the host compresses and encodes it. */
  readonly sarif: string;
  readonly startedAt: string;
}

/** What code scanning made of an upload so far. */
export interface SarifStatus {
  readonly status: "pending" | "complete" | "failed";
  readonly errors: readonly string[];
}

/**
 * A cache that outlives the machine: GitHub's. What was put into it may be gone at any time. What goes
 * wrong is said in the log and is no error.
 */
export interface RemoteCache {
  /** Makes the folder what was last kept under this name. False when there is nothing to be had. */
  restore(name: string, folder: string): Promise<boolean>;
  /** Keeps the files of a folder, as they are now, once the job is over. The same version is kept once. */
  keep(name: string, version: string, folder: string): Promise<void>;
}

/** The few verbs that we need of GitHub's REST API. Each retries what is worth retrying. */
export interface GitHub {
  /** Login that the token acts as; undefined when GitHub will not tell (installation tokens). */
  login(): Promise<Reply<string | undefined>>;
  /** All comments of a pull request, over all pages. */
  listComments(pullRequest: number): Promise<Reply<readonly IssueComment[]>>;
  createComment(pullRequest: number, body: string): Promise<Reply<IssueComment>>;
  updateComment(id: number, body: string): Promise<Reply<IssueComment>>;
  /** "ok" as well when it was gone before. */
  deleteComment(id: number): Promise<Reply<undefined>>;
  uploadSarif(upload: SarifUpload): Promise<Reply<{ readonly id: string }>>;
  sarifStatus(id: string): Promise<Reply<SarifStatus>>;
}

/** The run of a workflow that we are part of. */
export interface CiRun {
  /** `pull_request`, `push`. */
  readonly event: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly commit: string;
  /** `refs/heads/main`, `refs/pull/7/merge`, `refs/tags/v1`. */
  readonly ref: string;
  /** 0 where the runner gives none. */
  readonly runId: number;
  readonly runNumber: number;
  readonly runAttempt: number;
  /** `https://github.com`. */
  readonly serverUrl: string;
  readonly pullRequest?: PullRequest;
  /**
   * On events by which anybody can start a run that has secrets and may write: the commits that are
   * no stranger's. Absent on all others.
   */
  readonly trustedCommits?: readonly string[];
}

/** The pull request that an event is about. */
export interface PullRequest {
  readonly number: number;
  readonly headCommit: string;
  readonly headRef: string;
  readonly baseCommit: string;
  /** From another repository: the token can only read. */
  readonly isFork: boolean;
}

/** Where results go besides the log: job summary and step outputs on a runner. */
export interface Results {
  setOutput(name: string, value: string): Promise<void>;
  /** Replaces this step's summary. */
  writeSummary(markdown: string): Promise<void>;
}

/** Tells what could outlive this process whose it is, so that a later run knows what nobody needs. */
export interface Owner {
  /** Ours, for a name: digits, small letters and hyphens. */
  readonly mark: string;
  /** The machine or container that we are on, the same from run to run. Fit for a name too. */
  readonly place: string;
  /** Whether a name carries the mark of a process of this machine that has ended. */
  isGone(name: string): boolean;
}

/** Everything outside. */
export interface Host {
  readonly kind: "actions" | "local";
  /** What cannot be so in what surrounds us: variables, the event, the folder for temporary files. */
  readonly problems: readonly Problem[];
  readonly exec: Exec;
  readonly files: Files;
  readonly loopback: Loopback;
  readonly download: Download;
  readonly http: Http;
  readonly log: Log;
  readonly clock: Clock;
  readonly owner: Owner;
  readonly results: Results;
  /** Undefined on a laptop, and where the runner offers none. */
  readonly cache: RemoteCache | undefined;
  /** Undefined where there is no token or no repository. */
  readonly github: GitHub | undefined;
  /** Undefined on a laptop. */
  readonly ci: CiRun | undefined;
  /** Our environment variables, those aside that carry the inputs of an action. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the folder that relative paths start from. */
  readonly workspace: string;
  /** `linux/amd64`: what this machine runs. */
  readonly platform: string;
  /**
   * Fires when the run is cancelled: on the first SIGINT, SIGTERM, SIGHUP or SIGQUIT. The second ends
   * the process, unless it is SIGHUP.
   */
  readonly signal: AbortSignal;
  /** Registers text that must never be shown. */
  mask(secret: string): void;
  /** The text with everything that was registered so replaced by `***`. */
  conceal(text: string): string;
}
