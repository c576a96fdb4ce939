import type { Instruction } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";
import { copySource } from "./copy-source.ts";
import type { AdviceWords, SavingLayers } from "./words.ts";

/** Tests and manuals are at home in stages for those who write the program. */
const FOR_DEVELOPERS = ["test", "tests", "__tests__", "docs", "coverage", "*.map"];

const INSTALLS_PYTHON = /\b(?:pip3?|uv|poetry|pipenv|pdm)\s+(?:install|sync)\b/;

/** Where nothing installs what is in these folders, they are copied since they are needed. */
const INSTALLED: Readonly<Record<string, RegExp>> = {
  node_modules: /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install|add)\b|\byarn\s*(?:$|&&|--)/,
  ".venv": INSTALLS_PYTHON,
  venv: INSTALLS_PYTHON,
};

/** A line copies what lies beside sources, and is not needed to run what is made of them. */
export function contextWords(
  { subject = "" }: Saving,
  { later, isLast, chain, dockerfile }: SavingLayers,
): AdviceWords | undefined {
  // What is in an archive or comes from elsewhere, no .dockerignore keeps away.
  if (copySource(later) !== "context") return undefined;
  const installer = INSTALLED[subject];
  const isInstalling = ({ keyword, text }: Instruction) =>
    keyword === "RUN" && installer?.test(text) === true;
  if (installer !== undefined && !chain.some(isInstalling)) return undefined;
  if (!isLast && FOR_DEVELOPERS.includes(subject)) return undefined;
  return {
    message: `Line ${later.line} copies ${subject} out of the build context, which a program seldom needs to run.`,
    instead: `**/${subject} as a line of ${ignoreFile(dockerfile)}`,
  };
}

/**
 * One of several Dockerfiles over a context may have an ignore file of its own, and then no other
 * counts for it. https://docs.docker.com/build/concepts/context/#filename-and-location
 */
function ignoreFile(dockerfile: string): string {
  const name = dockerfile.slice(dockerfile.lastIndexOf("/") + 1);
  if (name === "Dockerfile") return ".dockerignore";
  return `${name}.dockerignore where that is there, else of .dockerignore`;
}
