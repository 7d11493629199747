/** Steps of counts that people think of in powers of two: fine ones keep three bits (8k, 9k, 10k …), coarse ones double. */

/** The next such number above (direction 1) or below (−1), within bounds. */
export function stepped(
  value: number,
  direction: 1 | -1,
  size: 'fine' | 'step' | 'coarse',
  min: number,
  max: number,
): number {
  if (size === 'coarse') return clamp(direction > 0 ? value * 2 : Math.floor(value / 2), min, max)
  if (size === 'fine') return clamp(value + direction, min, max)
  const unit = unitBelow(direction > 0 ? value : value - 1)
  const next = direction > 0 ? (Math.floor(value / unit) + 1) * unit : (Math.ceil(value / unit) - 1) * unit
  return clamp(next, min, max)
}

const unitBelow = (value: number) => 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, value))) - 3)

/** A round number near a position 0 … 1 of a logarithmic slider. */
export function atPosition(position: number, min: number, max: number): number {
  const value = min * 2 ** (position * Math.log2(max / min))
  const unit = unitBelow(value)
  return clamp(Math.round(value / unit) * unit, min, max)
}

export const positionOf = (value: number, min: number, max: number) =>
  Math.min(1, Math.max(0, Math.log2(value / min) / Math.log2(max / min)))

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value))
