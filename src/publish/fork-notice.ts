import type { PublishInputs } from "../model/inputs.ts";
import type { PublishedSarif } from "./code-scanning.ts";
import type { PublishedComment } from "./comment.ts";

/**
 * What a token that can only read has kept from being done in a run for a fork, and what there is
 * instead; undefined where it has kept nothing.
 */
export function forkNotice(
  { comment, sarif }: { readonly comment: PublishedComment; readonly sarif: PublishedSarif },
  { summary }: Pick<PublishInputs, "summary">,
): string | undefined {
  const lacksComment = comment.kind === "none" && comment.isOfFork === true;
  const lacksSarif = sarif.kind === "none" && sarif.isOfFork === true;
  if (!lacksComment && !lacksSarif) return undefined;
  const missing = [
    ...(lacksComment ? ["no comment on the pull request"] : []),
    ...(lacksSarif ? ["no upload to code scanning"] : []),
  ].join(" and ");
  const instead = [
    ...(lacksComment ? [`The ${summary ? "job summary" : "log"} has the whole report.`] : []),
    ...(lacksSarif
      ? [
          "To upload the findings, add a step with github/codeql-action/upload-sarif that takes the output `sarif` (README, “Pull requests from forks”).",
        ]
      : []),
  ];
  return [`Runs for a fork get a token that can only read: ${missing}.`, ...instead].join(" ");
}
