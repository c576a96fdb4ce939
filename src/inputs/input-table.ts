// Made from action.yml by `node scripts/readme-inputs.ts`; a test holds the two together.

/** Every input with its words from action.yml, in its order. */
export const INPUT_TABLE = [
  {
    group: "Build",
    name: "file",
    description:
      "Dockerfiles: one or more paths or globs, one a line or separated by commas; `!glob` leaves some out. Paths start from the workspace. Default: the images of the configuration file, all or those in `context` where that is given; without those, `{context}/Dockerfile`.",
  },
  {
    group: "Build",
    name: "context",
    description:
      "Folder that is the build context, inside the workspace. A Git or HTTP context is refused: check the repository out first. Default: `.`, the workspace.",
  },
  {
    group: "Build",
    name: "targets",
    description:
      "Stages to build: names or globs, one a line or separated by commas; `!name` leaves one out, `image/stage` tells stages of several Dockerfiles apart. Default: every stage.",
  },
  {
    group: "Build",
    name: "build-args",
    description:
      "Build arguments, one a line: `NAME=value`, or `NAME` alone to take the value of the environment variable of that name.",
  },
  {
    group: "Build",
    name: "build-contexts",
    description:
      "Further build contexts, one a line: `name=folder`, or `name=` and a `docker-image://`, `oci-layout://`, `https://` or Git address.",
  },
  {
    group: "Build",
    name: "secrets",
    description:
      "Secrets of the build, one a line: `id=value`. A value of several lines stands in double quotes together with its id; a double quote inside them is written twice.",
  },
  {
    group: "Build",
    name: "secret-envs",
    description:
      "Secrets of the build that stand in environment variables, one a line or separated by commas: `id=VARIABLE`.",
  },
  {
    group: "Build",
    name: "secret-files",
    description: "Secrets of the build that stand in files, one a line: `id=path`.",
  },
  {
    group: "Build",
    name: "ssh",
    description:
      "SSH agent sockets or keys for the build, one a line or separated by commas: `default`, or `id=path`.",
  },
  {
    group: "Build",
    name: "platform",
    description:
      "The one platform to build and weigh, `os/arch` or `os/arch/variant`, such as `linux/arm64`. For several, use a matrix and give each leg its own `name`. Default: the builder's own.",
  },
  {
    group: "Build",
    name: "builder",
    description: "Name of the buildx builder. Default: the current one.",
  },
  {
    group: "Build",
    name: "cache",
    description:
      "Where build steps are kept between runs: `gha` (GitHub's cache), `registry:REPOSITORY`, `local:FOLDER`, `off`, or `auto`: GitHub's on a runner that may write it, read only where it may not, and none elsewhere. Each Dockerfile has a place of its own in it, told apart by `name`, `platform`, `targets` and `matrix` too. Where the current builder cannot write a cache, as with Docker's older image store, one that can is made for the job, unless `builder` names one. Default: `auto`, or `off` beside `cache-from` or `cache-to`.",
  },
  {
    group: "Build",
    name: "buildkit-image",
    description:
      "Image of the builder that is made for a cache, or where images cannot come out of the current one. Default: `moby/buildkit`, pinned by digest.",
  },
  {
    group: "Build",
    name: "cache-from",
    description:
      "Caches to read, one a line, as `docker buildx build --cache-from` takes them, such as `type=gha`.",
  },
  {
    group: "Build",
    name: "cache-to",
    description:
      "Caches to write, one a line, as `docker buildx build --cache-to` takes them, such as `type=gha,mode=max`.",
  },
  {
    group: "Build",
    name: "matrix",
    description:
      "What tells this leg of a job's matrix from the others, so that each has a place of its own in the cache. The runner fills it in; legs that are to share a place set it to the same text. Default: the values of the leg.",
  },
  {
    group: "Build",
    name: "no-cache",
    description: "Build everything anew: `true` or `false`. Default: `false`.",
  },
  {
    group: "Build",
    name: "pull",
    description: "Ask the registry for newer base images: `true` or `false`. Default: `false`.",
  },
  {
    group: "Build",
    name: "allow-untrusted-checkout",
    description:
      "Build on `pull_request_target`, `workflow_run` or `issue_comment` what is not the repository's own code, beside its secrets and its token: `true` or `false`. Default: `false`.",
  },
  {
    group: "Goals",
    name: "goals",
    description:
      "YAML map from stage to rules. A key is a stage's name or a glob (`\"*\"` is every stage), or `image/stage` where several images share a stage's name; rules merge one by one and the more specific key wins, and what is given here over a configuration file's key that is as specific. Rules: `max-unpacked` and `max-download` (sizes such as `150MB` or `1.5GiB`), `min-reduction` (such as `70%`) below an `original` size, `max-wasted` (a size), `max-own-wasted` and `min-efficiency` (percentages), and `fail-on-severity` (`critical`, `high`, `medium`, `low`, `unknown`, or `none` to take a rule back). Default: no goals.",
  },
  {
    group: "Goals",
    name: "config",
    description:
      "Configuration file, with the same options, `goals`, and `images` where there are several. What is given here wins over it, option by option. Default: `.github/weighbridge.yml`, where there is one.",
  },
  {
    group: "Goals",
    name: "dive-config",
    description:
      "File with dive's thresholds, which become goals of the last stage of each Dockerfile that is built. Default: `.dive-ci` in the workspace, where there is one.",
  },
  {
    group: "Lint and scan",
    name: "lint",
    description:
      "Run Hadolint and BuildKit's own checks over the Dockerfiles: `true` or `false`. Default: `true`.",
  },
  {
    group: "Lint and scan",
    name: "hadolint-config",
    description:
      "Hadolint's configuration file. Default: `.hadolint.yaml` or `.hadolint.yml` in the workspace, where there is one.",
  },
  {
    group: "Lint and scan",
    name: "fail-on-lint",
    description:
      "Fail when the linters find something at or above this level: `error`, `warning`, `info`, `style`, or `off`. Default: `off`.",
  },
  {
    group: "Lint and scan",
    name: "scanners",
    description:
      "What Trivy looks for, separated by commas: `vuln`, `secret`, `misconfig`, `license`, or `none` for no scan. Default: `vuln,secret`.",
  },
  {
    group: "Lint and scan",
    name: "severity",
    description:
      "Severities that are reported, separated by commas: `critical`, `high`, `medium`, `low`, `unknown`. Default: all of them.",
  },
  {
    group: "Lint and scan",
    name: "ignore-unfixed",
    description:
      "Leave out vulnerabilities that no version fixes yet: `true` or `false`. Default: `false`.",
  },
  {
    group: "Lint and scan",
    name: "trivy-ignore-file",
    description:
      "File of findings that Trivy leaves out. A `.trivyignore` that is not named here is not used. Default: none.",
  },
  {
    group: "Lint and scan",
    name: "trivy-version",
    description:
      "Trivy to fetch, such as `0.72.0`; needs `trivy-sha256`. Default: the version that weighbridge has the hashes of.",
  },
  {
    group: "Lint and scan",
    name: "trivy-sha256",
    description:
      "SHA-256 of what is run: of the file of `trivy-version` for this machine, such as `trivy_0.72.0_Linux-64bit.tar.gz`, or of the program that `trivy-path` names. Default: the pinned one; a program that `trivy-path` names is not held to any.",
  },
  {
    group: "Lint and scan",
    name: "trivy-path",
    description:
      "Trivy to run in place of one that is fetched, used as it is: a path, or a name to be found on the PATH. Default: none; what is on the PATH is not used by itself.",
  },
  {
    group: "Lint and scan",
    name: "hadolint-version",
    description:
      "Hadolint to fetch, such as `2.14.0`; needs `hadolint-sha256`. Default: the version that weighbridge has the hashes of.",
  },
  {
    group: "Lint and scan",
    name: "hadolint-sha256",
    description:
      "SHA-256 of what is run: of the file of `hadolint-version` for this machine, such as `hadolint-linux-x86_64`, or of the program that `hadolint-path` names. Default: the pinned one; a program that `hadolint-path` names is not held to any.",
  },
  {
    group: "Lint and scan",
    name: "hadolint-path",
    description:
      "Hadolint to run in place of one that is fetched, used as it is: a path, or a name to be found on the PATH. Default: none; what is on the PATH is not used by itself.",
  },
  {
    group: "Lint and scan",
    name: "tool-mirror",
    description:
      "Where Trivy and Hadolint are fetched: an address that stands in for `https://github.com`, with the same paths below it. The hash decides all the same. Default: `https://github.com`.",
  },
  {
    group: "Lint and scan",
    name: "trivy-db-repository",
    description:
      "Where Trivy fetches its vulnerability database, one a line or separated by commas, tried in turn. Default: Trivy's own sources.",
  },
  {
    group: "Lint and scan",
    name: "trivy-java-db-repository",
    description:
      "Where Trivy fetches the database that it needs of an image with Java archives, one a line or separated by commas, tried in turn. Default: Trivy's own sources.",
  },
  {
    group: "Report",
    name: "name",
    description:
      "Key of the comment, the SARIF categories and the caches: one line of at most 100 characters. Give one where a matrix builds the same Dockerfile more than once. Default: from the paths of the Dockerfiles.",
  },
  {
    group: "Report",
    name: "comment",
    description:
      "Comment on the pull request: `auto` (when there is a pull request and the token may), `always` (warn when it cannot be done) or `never`. Default: `auto`.",
  },
  {
    group: "Report",
    name: "upload-sarif",
    description:
      "Upload findings to code scanning: `auto` (when the token may) or `never`. Default: `auto`.",
  },
  {
    group: "Report",
    name: "summary",
    description: "Write the job summary: `true` or `false`. Default: `true`.",
  },
  {
    group: "Report",
    name: "fail",
    description:
      "Fail the step when a goal is missed, or the linters find what `fail-on-lint` says: `true` or `false`; with `false` both only advise. A stage that does not build fails the step either way. Default: `true`.",
  },
  {
    group: "Report",
    name: "on-unknown",
    description:
      "What a goal that could not be judged does, for want of a scan say: `fail` or `warn`. Default: `fail`.",
  },
  {
    group: "Report",
    name: "layer-limits",
    description:
      "YAML map of how much a layer, and all layers of an image together, may hold before they are refused as hostile: `archive` (bytes once unpacked), `entries` (files and folders), `names` (bytes of their names), `owners`; besides, `layers` of an image, `ratio` (times that a layer may be larger than its blob), and `frames` (parts that zstd packed it in). Default: `archive: 200GB`, `entries: 3000000`, `names: 256MB`, `owners: 65536`, `layers: 1000`, `ratio: 2000`, `frames: 3000000`.",
  },
  {
    group: "Report",
    name: "token",
    description:
      "Token for the comment (`pull-requests: write`) and the upload (`security-events: write`). Without those permissions the summary still has everything.",
  },
  {
    group: "Report",
    name: "state",
    description:
      "Folder that is kept between runs: the images' layout, what was read from them, tools and Trivy's cache. Default: inside the runner's tool cache; on a laptop, the user's cache folder.",
  },
] as const;

/** Every output with its words from action.yml, in its order. */
export const OUTPUT_TABLE = [
  {
    name: "verdict",
    description: "`pass`, `fail`, or `unknown` when a goal could not be judged.",
  },
  {
    name: "report",
    description: "Path of the JSON report.",
  },
  {
    name: "sarif",
    description:
      "Folder of SARIF files, one a category, fit for uploading by other means; empty when there are none.",
  },
  {
    name: "layout",
    description:
      "Folder of an OCI image layout that holds every stage that this step has built, by name.",
  },
  {
    name: "comment-url",
    description: "Address of the comment on the pull request; empty when there is none.",
  },
  {
    name: "stages",
    description:
      "JSON array of the report's stages, without their layers, steps, findings, waste, packages, boxes and advice, in at most 250,000 characters. Where that is too few, a warning in the log says so, and biggest files and folders and the output of failures are left out, then the last stages; the file `report` has it all.",
  },
] as const;
