import * as core from "@actions/core";
import type { Log, Place } from "./host.ts";
import { neutralise, neutraliseLine } from "./neutralise.ts";

/**
 * The log of a workflow run. Messages become annotations, groups fold, and nothing that is printed
 * can be taken for a command. @actions/core escapes what it puts into its own commands.
 */
export function createActionsLog(conceal: (text: string) => string): Log {
  const safe = (text: string) => conceal(neutralise(conceal(text)));
  const safeLine = (text: string) => conceal(neutraliseLine(conceal(text)));
  const properties = (place: Place | undefined): core.AnnotationProperties => {
    if (place === undefined) return {};
    const { file, line, endLine, title } = place;
    return {
      file: safeLine(file),
      startLine: line,
      ...(endLine !== undefined && { endLine }),
      ...(title !== undefined && { title: safeLine(title) }),
    };
  };
  // The runner folds one level only: a group that begins ends the one before.
  let isGroupOpen = false;
  // A title stands once there is something below it.
  let waitingTitle: string | undefined;
  const endGroup = () => {
    if (isGroupOpen) core.endGroup();
    isGroupOpen = false;
    waitingTitle = undefined;
  };
  const beginGroup = () => {
    if (waitingTitle === undefined) return;
    core.startGroup(safeLine(waitingTitle));
    isGroupOpen = true;
    waitingTitle = undefined;
  };
  return {
    info(text) {
      beginGroup();
      core.info(safe(text));
    },
    debug: (text) => core.debug(safe(text)),
    notice: (text, place) => core.notice(safe(text), properties(place)),
    warning: (text, place) => core.warning(safe(text), properties(place)),
    error: (text, place) => core.error(safe(text), properties(place)),
    group(title) {
      endGroup();
      waitingTitle = title;
    },
    endGroup,
    progress() {},
    showsProgress: false,
  };
}
