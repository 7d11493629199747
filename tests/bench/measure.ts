/** Timing: alternating repetitions in one run, medians, because other programs share the machine. */

export interface Timing {
  /** Milliseconds, the median of the repetitions. */
  median: number
  best: number
}

export type Task = () => Promise<unknown> | unknown

const median = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** Runs the tasks in turn, `repetitions` times after one warm-up round. */
export async function alternate<K extends string>(
  tasks: Record<K, Task>,
  repetitions: number,
): Promise<Record<K, Timing>> {
  const names = Object.keys(tasks) as K[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let i = 0; i <= repetitions; i++) {
    for (const name of names) {
      const start = performance.now()
      await tasks[name]()
      if (i > 0) times[name].push(performance.now() - start)
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, { median: median(times[name]), best: Math.min(...times[name]) }]),
  ) as Record<K, Timing>
}

/** Million per second. */
export const rate = (count: number, { median }: Timing) => `${(count / median / 1000).toFixed(1)} M/s`
export const ratio = (a: Timing, b: Timing) => (b.median / a.median).toFixed(2)
export const ms = ({ median }: Timing) => `${median.toFixed(median < 10 ? 2 : 1)} ms`
