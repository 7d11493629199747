/** How controls tell their value: `oom-change` with the value, and whether the movement ended with it. */
export interface Changed<T> {
  value: T
  last: boolean
}

export const changedEvent = <T>(value: T, last = true) =>
  new CustomEvent<Changed<T>>('oom-change', { detail: { value, last } })
