/**
 * Milliseconds that the longest job takes: five days, on a runner of one's own
 * (https://docs.github.com/actions/reference/limits).
 */
const LONGEST_JOB = 5 * 24 * 60 * 60 * 1000;

/**
 * Whether no run can go on that made something then: what is left of one in a container that is gone
 * tells no more than its age.
 * @param madeAt milliseconds since 1970
 */
export function outlastsAnyJob(madeAt: number): boolean {
  return Date.now() - madeAt > LONGEST_JOB;
}
