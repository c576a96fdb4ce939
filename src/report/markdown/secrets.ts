import { formatFew, plural } from "../format.ts";
import {
  deletedWords,
  IN_CONFIGURATION,
  MOST_NAMED,
  type Secret,
  secretsAdvice,
} from "../secrets.ts";
import { stageName } from "../sentences.ts";
import { stack } from "./blocks.ts";
import { code, lineLinks, type Page, pathCode } from "./page.ts";

/** Whoever has an image has its secrets: they are told at once, whatever the goals say. */
export function secretSection(page: Page): string {
  const { secrets } = page;
  if (secrets.length === 0) return "";
  const shown = secrets
    .slice(0, page.detail.secrets)
    .map((secret) => `- ${secretLine(page, secret)}`);
  const rest = secrets.length - shown.length;
  return stack([
    "#### ⚠️ Secrets in the image",
    [...shown, ...(rest > 0 ? [`- … and ${plural(rest, "more secret")}`] : [])].join("\n"),
    secretsAdvice(secrets, (stage) => code(page, stageName(page.report, stage))),
  ]);
}

/** What is bold makes a goal missed. */
function secretLine(page: Page, secret: Secret): string {
  const { image, stages, lines, breaksGoal } = secret;
  const nameOf = (stage: Secret["stages"][number]) => code(page, stageName(page.report, stage));
  const rules = formatFew(
    secret.rules.map((rule) => code(page, rule)),
    3,
  );
  const place = secret.path === undefined ? IN_CONFIGURATION : pathCode(page, secret.path);
  const what = `${rules} in ${place}`;
  const from = lines.length === 0 ? "" : `, from line ${lineLinks(page, image, lines)}`;
  const deleted = deletedWords(secret, nameOf);
  const carriers = formatFew(stages.map(nameOf), MOST_NAMED);
  const facts = `${breaksGoal ? `**${what}**` : what}${from}, in ${carriers}`;
  return deleted === "" ? facts : `${facts}; ${deleted}`;
}
