import type { AdviceRule } from "../../model/image.ts";
import { buildToolsWords } from "./build-tools.ts";
import { compiledCacheWords } from "./compiled-cache.ts";
import { contextWords } from "./context.ts";
import { deletedLaterWords } from "./deleted-later.ts";
import { duplicateContentWords } from "./duplicate-content.ts";
import { largeFileWords } from "./large-file.ts";
import { metadataOnlyWords } from "./metadata-only.ts";
import { overwrittenLaterWords } from "./overwritten-later.ts";
import { packageCacheWords } from "./package-cache.ts";
import { recommendedPackagesWords } from "./recommended-packages.ts";
import type { AdviceWriter } from "./words.ts";

/** Who finds words for a saving of each rule, in the file of that name. */
export const WRITERS: Readonly<Record<AdviceRule, AdviceWriter>> = {
  "metadata-only": metadataOnlyWords,
  "deleted-later": deletedLaterWords,
  "overwritten-later": overwrittenLaterWords,
  "compiled-cache": compiledCacheWords,
  "package-cache": packageCacheWords,
  context: contextWords,
  "duplicate-content": duplicateContentWords,
  "recommended-packages": recommendedPackagesWords,
  "build-tools": buildToolsWords,
  "large-file": largeFileWords,
};
