// What a command may use of a project beside what it names.

/** Programs that run tests, whatever they are asked for. */
const RUNNERS =
  /\b(?:pytest|py\.test|unittest|nose2|tox|nox|jest|vitest|mocha|karma|jasmine|rspec|phpunit|pest|ctest|gotestsum|nextest|bats|behave|cucumber)\b/;

/** Tools that run them where they are asked to, by a word of its own: `npm run test:unit`. */
const TESTED_BY =
  /\b(?:npm|pnpm|yarn|bun|deno|go|cargo|make|ninja|dotnet|rake|rails|just|task|composer|mix|lein|sbt|swift|zig|bazel|nx|turbo|cabal|stack|dart|flutter|ant|meson|(?:manage|setup)\.py)\s(?:.*[\s:])?(?:tests?|tst|check|verify)(?![\w./=])|\bnpm\s+(?:t|it|cit)(?!\S)/;

/** Maven goes through all phases up to the one that is asked for, and that of tests is an early one. */
const MAVEN =
  /\bmvn[dw]?(?:\.cmd)?\s(?:.*\s)?(?:test|prepare-package|package|(?:pre-|post-)?integration-test|verify|install|deploy|site)(?!\S)/;
const SKIPPED_BY_MAVEN = /\s-D(?:skipTests|maven\.test\.skip)(?:=true)?(?!\S)/;

const GRADLE =
  /\bgradlew?(?:\.bat)?\s(?:.*[\s:])?(?:build|buildNeeded|check|test\w*|integrationTest)(?!\S)/;
const SKIPPED_BY_GRADLE = /\s(?:-x|--exclude-task)[\s=](?:\S*:)?test(?!\S)/;

/** What installs a program that runs tests does not run it. */
const INSTALLS =
  /\b(?:pip[\d.]*|pipx|uv|poetry|pdm|npm|pnpm|yarn|bun|gem|composer|cargo|go)\s(?:.*\s)?(?:add|get|i|install|require)\s/;

/** Nobody can say of more characters at a glance what they do: they may do anything. */
export const MOST_CHARACTERS = 2_000;

/** Whether a command, in whatever form, runs the tests that it finds. */
export function runsTests(command: string): boolean {
  if (command.length > MOST_CHARACTERS) return true;
  const words = plainWords(command);
  if (MAVEN.test(words)) return !SKIPPED_BY_MAVEN.test(words);
  if (GRADLE.test(words)) return !SKIPPED_BY_GRADLE.test(words);
  // In a here-document, what installs is one of several commands.
  const onlyInstalls = !command.includes("<<") && INSTALLS.test(words);
  return !onlyInstalls && (RUNNERS.test(words) || TESTED_BY.test(words));
}

/** Scripts, and programs that do what is written in a file. */
const SCRIPTS =
  /\s(?:\.{1,2}\/(?!mvnw|gradlew)\S|(?:\S*\/)?(?:make|ninja|rake|just|ant|bazel)(?!\S)|(?:ba|da|a)?sh\s(?:-[a-z]+\s)*[^\s-]\S*(?!\S)|(?:python[\d.]*|node|ruby|perl|php)\s(?:\S*\/)?[\w-]+\.(?:py|m?js|cjs|rb|pl|php)(?!\S))/;
/** What builds a program may look into Git, for its version. */
const BUILDS = /\s(?:\S*\/)?(?:mvn[dw]?|gradlew?|sbt|(?:npm|pnpm|yarn|bun)\srun|yarn\sbuild)\s/;

/** Whether a command may use what is in a folder, and it is not to be seen from the command. */
export function mayUse(subject: string, command: string): boolean {
  if (command.length > MOST_CHARACTERS) return true;
  const words = ` ${plainWords(command)} `;
  return SCRIPTS.test(words) || (subject === ".git" && BUILDS.test(words));
}

/** Its words with a blank between them, also of a list such as `["npm", "test"]`. */
function plainWords(command: string): string {
  return command.replace(/["'[\](){},\s]+/g, " ");
}
