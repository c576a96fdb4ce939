import { expect, test } from "vitest";
import { clippedReason, failureReason, missingPath } from "../../src/build/failure-reason.ts";
import { NO_OUTPUT } from "../../src/build/progress/telling-lines.ts";
import { makeInstruction, makePlannedImage, makeStage } from "../make.ts";

/** The reason for what BuildKit says of an instruction. */
function reasonOf(text: string, error: string, context = "."): string {
  const instruction = makeInstruction({ text });
  const image = makePlannedImage({ context });
  return failureReason({
    name: "",
    error,
    output: NO_OUTPUT,
    step: { image, stage: makeStage(), instruction },
  });
}

test("a command is told as the Dockerfile has it, with its exit code", () => {
  expect(
    reasonOf(
      "RUN make all",
      'process "/bin/sh -c make all" did not complete successfully: exit code: 2',
    ),
  ).toBe("`RUN make all` ended with exit code 2");
});

test("the exit code is told however long the command is, and whatever it says", () => {
  const long = `RUN echo "did not complete successfully: exit code: 7"; ${"x".repeat(900)}`;
  const error = `process "/bin/sh -c ${long}" did not complete successfully: exit code: 1`;
  expect(reasonOf(long, error)).toMatch(/^`RUN echo ".{60,70}…` ended with exit code 1$/);
});

test("of a long error the end is told too, which names the cause", () => {
  const error = `failed to copy files: write /app/${"a1b2".repeat(200)}: no space left on device`;
  expect(clippedReason(reasonOf("COPY dist/ /app/", error))).toMatch(
    /^failed to copy files: write .*…[ab12]+: no space left on device$/,
  );
});

const NOT_FOUND =
  'failed to calculate checksum of ref k9rkgz2bkonkxr8j9qe71oo57::6f28xfy64j8svw0cd4up8t3o7: "/dist": not found';

test("a path that is missing is told with the place where it was looked for", () => {
  expect(reasonOf("COPY dist/ /app/", NOT_FOUND, "services/api")).toBe(
    "`COPY dist/ /app/`: `dist` is not in the build context `services/api`, or .dockerignore leaves it out",
  );
  expect(reasonOf("COPY --from=builder /dist /app/", NOT_FOUND)).toBe(
    "`COPY --from=builder /dist /app/`: `/dist` is not in `builder`",
  );
});

test.each([
  ["COPY --from=builder dist/app $APP_HOME/", "/dist/app", "`/dist/app` is not in `builder`"],
  ["COPY ./foo//bar $DEST/", "/foo/bar", "`foo/bar` is not in the build context `.`"],
  ["COPY my\\ file $DEST/", "/my file", "`my file` is not in the build context `.`"],
  ['COPY ["a b", "/x"]', "/a b", "`a b` is not in the build context `.`"],
  ["RUN --mount=from=tools,source=/nope,target=/x ls", "/nope", "`/nope` is not in `tools`"],
  [
    "RUN --mount=type=cache,from=tools,target=/t --mount=source=nope,target=/x ls",
    "/nope",
    "`nope` is not in the build context `.`",
  ],
  [
    "COPY --chown=$U --link data-from=1.csv /x",
    "/data-from=1.csv",
    "`data-from=1.csv` is not in the build",
  ],
])("a path that is missing is told with what it was looked for in: %s", (text, path, words) => {
  expect(reasonOf(text, NOT_FOUND.replace("/dist", path))).toContain(words);
});

test("a path that a variable stands for is told as the Dockerfile says it", () => {
  const missing = 'failed to calculate checksum of ref a::b: "/hunter2": not found';
  expect(reasonOf("COPY $TOKEN a.txt /x", missing)).toBe(
    "`COPY $TOKEN a.txt /x`: what `$TOKEN` stands for is not in the build context `.`, or .dockerignore leaves it out",
  );
  expect(reasonOf("COPY --from=builder /a/$TOKEN /x", missing)).toMatch(
    /: what `\/a\/\$TOKEN` stands for is not in `builder`$/,
  );
  expect(reasonOf("RUN --mount=source=$TOKEN,target=/m ls", missing)).not.toContain("hunter2");
  expect(reasonOf("COPY $A $B /x", missing)).not.toContain("hunter2");
  const step = {
    ...{ image: makePlannedImage(), stage: makeStage() },
    instruction: makeInstruction({ text: "COPY $TOKEN a.txt /x" }),
  };
  const failed = { name: "", output: NO_OUTPUT, step };
  expect(missingPath({ ...failed, error: missing })).toBeUndefined();
  const literal = missing.replace("hunter2", "a.txt");
  expect(missingPath({ ...failed, error: literal })).toMatchObject({ path: "a.txt" });
});

test("a secret that was not given is told with the inputs that give secrets", () => {
  const text = "RUN --mount=type=secret,id=npm,required=true npm ci";
  expect(reasonOf(text, "secret npm: not found")).toBe(
    `\`${text}\`: the secret \`npm\` was not given; \`secrets\`, \`secret-envs\` and \`secret-files\` are the inputs that give secrets`,
  );
  const expanded = text.replace("npm,", "$ID,");
  expect(reasonOf(expanded, "secret hunter2: not found")).not.toContain("hunter2");
});

test("an error of several lines is told on one, with its cause", () => {
  const error =
    "error fetching default branch for repository https://a.example/x.git: git stderr:\nfatal: unable to access 'https://a.example/x.git/': Could not resolve host: a.example\n: exit status 128";
  expect(reasonOf("COPY --from=other /x /y", error)).toMatch(
    /: git stderr: fatal: unable .* resolve host: a\.example: exit status 128$/,
  );
});

test("an image that a mount reads from is told as one that cannot be pulled", () => {
  const instruction = makeInstruction({ text: "RUN --mount=from=acme/tool:9,target=/m ls" });
  expect(
    failureReason({
      name: "[image0-stage0 internal] load metadata for docker.io/acme/tool:9",
      error: "docker.io/acme/tool:9: not found",
      output: NO_OUTPUT,
      step: { image: makePlannedImage(), stage: makeStage(), instruction },
    }),
  ).toBe("the image acme/tool:9 cannot be pulled: not found");
});

test("an image that a build context names is told as that, and no stage is missed", () => {
  const error =
    "failed to resolve source metadata for 127.0.0.1:1/foo:latest: failed to do request: connection refused";
  expect(reasonOf("COPY --from=x / /x", error)).toBe(
    "the image 127.0.0.1:1/foo cannot be pulled: failed to do request: connection refused; `x` is the build context that was given",
  );
});

test("a file name that an engine cannot take is told with what helps", () => {
  const error =
    "Internal: rpc error: code = Internal desc = grpc: failed to unmarshal the received message: string field contains invalid UTF-8";
  expect(failureReason({ name: "", error, output: NO_OUTPUT })).toMatch(
    /^a file name in a build context is not UTF-8, which the BuildKit of this engine cannot take; /,
  );
});

test("an image that is none is told with the stages that might be meant", () => {
  const error = "docker.io/library/bilder: not found";
  const pulled = "failed to resolve source metadata for docker.io/library/bilder:latest";
  const image = makePlannedImage({ stages: [makeStage({ name: "builder" })] });
  const reason = (text: string, more = "") =>
    failureReason({
      ...{ name: "", error: `${pulled}: ${error}${more}`, output: NO_OUTPUT },
      step: { image, stage: makeStage(), instruction: makeInstruction({ text }) },
    });
  const hint = /; no stage is called `bilder`: there is `builder`$/;
  expect(reason("COPY --from=bilder /dist /app/")).toMatch(hint);
  expect(reason("RUN --mount=type=bind,from=bilder,target=/a make")).toMatch(hint);
  expect(reason("COPY --from=bilder /dist /app/", " (did you mean builder?)")).not.toMatch(hint);
  expect(reason("COPY --from=acme/bilder /dist /app/")).not.toMatch(/no stage/);
  expect(reason("RUN --mount=from=x,target=/x --mount=from=bilder,target=/y make")).toMatch(hint);
});

test("a backtick in the Dockerfile does not end the code", () => {
  const error = 'process "/bin/sh -c x" did not complete successfully: exit code: 1';
  expect(reasonOf("RUN echo `date`", error)).toBe("`RUN echo 'date'` ended with exit code 1");
});

test.each([
  "/var/lib/docker/buildkit/containerd-overlayfs/cachemounts/buildkit235462141",
  "/tmp/buildkit-mount4012",
])("a path in an image is told without %s, where the builder has it", (mount) => {
  const error = `cannot copy to non-directory: ${mount}/bin/busybox`;
  expect(reasonOf("COPY a b /bin/busybox", error)).toBe(
    "cannot copy to non-directory: /bin/busybox",
  );
});

test("all else is told as BuildKit says it, no longer than a paragraph", () => {
  const error = "docker.io/library/busybox:9.99-nope: not found";
  expect(reasonOf("FROM busybox:9.99-nope", error)).toBe(error);
  const long = failureReason({ name: "", error: "x".repeat(900), output: NO_OUTPUT });
  expect(clippedReason(long)).toHaveLength(500);
});

test.each([
  ["COPY conf/*.yaml /conf/", "/conf", "in the build context `api` matches `conf/*.yaml`"],
  [
    "COPY a.txt ./conf/*.yaml /conf/",
    "/conf",
    "in the build context `api` matches `./conf/*.yaml`",
  ],
  ["ADD nope/[ab].txt a.txt /x/", "/nope", "in the build context `api` matches `nope/[ab].txt`"],
  ['COPY ["a b/?.txt", "/x/"]', "/a b", "in the build context `api` matches `a b/?.txt`"],
  ["COPY a/b/*.txt c/*.txt /x/", "/a/b", "in the build context `api` matches `a/b/*.txt`"],
  ["COPY c/*.md c/d/*.txt /x/", "/c", "in the build context `api` matches `c/*.md` or `c/d/*.txt`"],
  ["COPY --from=build /usr/share/*.txt /x/", "/usr/share", "in `build` matches `/usr/share/*.txt`"],
  ["COPY $DIR/*.yaml /x/", "/hunter2", "in the build context `api` matches `$DIR/*.yaml`"],
])(
  "a pattern that nothing matches is told, not the folder that BuildKit misses: %s",
  (text, folder, words) => {
    const error = `lstat ${folder}: no such file or directory`;
    expect(reasonOf(text, error, "api")).toBe(`\`${text}\`: nothing ${words}`);
  },
);

test("a folder that no pattern of the instruction looks into is told as BuildKit tells it", () => {
  const error = "lstat /conf: no such file or directory";
  expect(reasonOf("COPY conf/a.yaml /x/", error)).toBe(error);
  expect(reasonOf("COPY confs/*.yaml /x/", error)).toBe(error);
});

test("a pattern can be looked for where it is the context's, and has no variable in it", () => {
  const missingOf = (text: string, error: string) =>
    missingPath({
      name: "",
      error,
      output: NO_OUTPUT,
      step: {
        image: makePlannedImage(),
        stage: makeStage(),
        instruction: makeInstruction({ text }),
      },
    });
  const error = "lstat /conf: no such file or directory";
  expect(missingOf("COPY conf/*.yaml /x/", error)).toEqual({
    path: "conf/*.yaml",
    isPattern: true,
    instruction: "`COPY conf/*.yaml /x/`",
  });
  expect(missingOf("COPY --from=a conf/*.yaml /x/", error)).toBeUndefined();
  expect(missingOf("COPY $DIR/*.yaml /x/", error)).toBeUndefined();
});
