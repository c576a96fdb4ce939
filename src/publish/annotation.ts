/** A message on a line. Without a place where the file is not one of the workspace. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly text: string;
  readonly title: string;
  readonly file: string;
  readonly line: number | undefined;
}

/** GitHub's own words, worst first. */
export const ANNOTATION_LEVELS = ["error", "warning", "notice"] as const;
/** How an annotation is shown. */
export type AnnotationLevel = (typeof ANNOTATION_LEVELS)[number];
