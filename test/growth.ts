/** More than what is linear comes to, and far less than what is quadratic: that is 16. */
export const LINEAR = 12;

const ROUNDS = 3;

/**
 * How many times as much of the processor a work takes when there is four times as much of it. A ratio
 * of the least of several rounds, so that neither the machine nor what else is done on it counts.
 */
export function growth(size: number, work: (size: number) => void): number {
  const [small, large] = [size / 4, size].map((amount) => {
    const rounds = Array.from({ length: ROUNDS }, () => secondsOf(() => work(amount)));
    return Math.min(...rounds);
  });
  return (large ?? 0) / Math.max(small ?? 0, SHORTEST);
}

/**
 * Seconds. Below it a pause of the machine says more than the work: a work that is ever so short with as
 * much as there is of it is short enough, so let that be as much as takes minutes where it is done badly.
 */
const SHORTEST = 0.03;

/** Of the processor, in the program's own code. */
function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1e6;
}
