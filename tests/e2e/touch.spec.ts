/** Fingers on the map: real touches, dispatched to the browser, which makes pointer events and gestures of them as on a phone. */
import type { CDPSession, Page } from '@playwright/test'
import { expect, LLAMA, open, test } from './fixtures.ts'

interface Point {
  x: number
  y: number
}

/** Every call is one event of the screen; fingers are numbered from 0. Events carry their own time, so that a slow machine makes no slow taps. */
async function fingers(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 })
  let timestamp = Date.now() / 1000
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[], first = 0) => {
    timestamp += 0.02
    const touchPoints = points.map(({ x, y }, i) => ({ x, y, id: first + i }))
    return session.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp })
  }
  const up = () => send('touchEnd', [])
  return {
    down: (point: Point) => send('touchStart', [point]),
    move: (point: Point) => send('touchMove', [point]),
    up,
    /** Lifts the second finger. */
    upSecond: (point: Point) => send('touchEnd', [point], 1),
    async tap(point: Point) {
      await send('touchStart', [point])
      await up()
    },
    /** From two places to two others, in steps. */
    async pinch(from: readonly [Point, Point], to: readonly [Point, Point]) {
      const between = (share: number) =>
        from.map(({ x, y }, i) => ({ x: x + (to[i].x - x) * share, y: y + (to[i].y - y) * share }))
      await send('touchStart', from.slice(0, 1))
      await send('touchStart', from)
      for (let step = 1; step <= 8; step++) await send('touchMove', between(step / 8))
    },
  }
}

async function plotOf(page: Page) {
  const box = await page.locator('oom-map .edge').first().boundingBox()
  if (!box) throw new Error('There is no plot')
  return {
    ...box,
    at: (x: number, y: number): Point => ({ x: box.x + box.width * x, y: box.y + box.height * y }),
  }
}

/** Doublings that the link's range of tokens spans: cell n reaches from n − ½ to n + ½. */
function doublings(page: Page, key: 's' | 'b'): number {
  const read = (text: string) => Number.parseFloat(text) * (text.endsWith('k') ? 1024 : 1)
  const [, from, to] = new RegExp(`[#&]${key}=([^.&]+)\\.\\.([^.&,]+)`).exec(page.url()) ?? []
  return Math.log2((read(to) + 0.5) / (read(from) - 0.5))
}

test('a tap pins the cell under it', async ({ page }) => {
  await open(page, `model=${LLAMA}`)
  const plot = await plotOf(page)
  const { tap } = await fingers(page)
  // Cells of 1 … 256 sequences on a log₂ axis; 3 lies between 2½ and 3½.
  const up = Math.log2(3 / 0.5) / Math.log2(256.5 / 0.5)
  await tap(plot.at(0.3, 1 - up))
  await expect(page.locator('h1')).toContainText('serves 3 sequences')
  await expect(page.locator('oom-map g.hover')).toHaveCount(0)
})

test('two fingers pinch: the map zooms between them, the page does not', async ({ page }) => {
  await open(page, `model=${LLAMA}`)
  const boundary = page.locator('oom-map path.boundary')
  const whole = (await boundary.getAttribute('d')) ?? ''
  const plot = await plotOf(page)
  const { pinch, up } = await fingers(page)
  await pinch([plot.at(0.4, 0.6), plot.at(0.6, 0.6)], [plot.at(0.3, 0.6), plot.at(0.7, 0.6)])
  await up()
  await expect(boundary).not.toHaveAttribute('d', whole)
  await expect(page).toHaveURL(/[#&]s=/)
  // Twice as far apart: half as many doublings of 1k … 128k.
  expect(Math.abs(doublings(page, 's') - 3.5)).toBeLessThan(0.1)
  expect(await page.evaluate(() => window.visualViewport?.scale)).toBe(1)
  await pinch([plot.at(0.3, 0.3), plot.at(0.7, 0.7)], [plot.at(0.4, 0.4), plot.at(0.6, 0.6)])
  await up()
  await expect.poll(() => doublings(page, 's')).toBeGreaterThan(6.8)
})

test('after a pinch the finger that stays moves the map', async ({ page }) => {
  await open(page, `model=${LLAMA}`)
  const plot = await plotOf(page)
  const { pinch, move, up, upSecond } = await fingers(page)
  await pinch([plot.at(0.4, 0.5), plot.at(0.6, 0.5)], [plot.at(0.25, 0.5), plot.at(0.75, 0.5)])
  await upSecond(plot.at(0.75, 0.5))
  await expect(page).toHaveURL(/[#&]s=/)
  const before = page.url()
  for (const x of [0.3, 0.4, 0.5]) await move(plot.at(x, 0.5))
  await up()
  await expect(page).not.toHaveURL(before)
  // Moved, not zoomed; and nothing was pinned.
  expect(Math.abs(doublings(page, 's') - 7 * 0.4)).toBeLessThan(0.1)
  await expect(page.locator('h1')).toContainText('serves 1 sequence of 8k tokens')
})

test('a finger that scrolls the page changes nothing, wherever it began', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4`)
  const before = page.url()
  const whole = await page.locator('oom-map path.boundary').getAttribute('d')
  const plot = await plotOf(page)
  const { down, move, up } = await fingers(page)
  await down(plot.at(0.5, 0.9))
  const { x, y } = plot.at(0.5, 0.9)
  // Slowly at first, as a thumb is: the browser decides only after some pixels that it scrolls.
  for (const by of [2, 5, 7, 9, 12, 20, 40, 80]) await move({ x: x + by / 8, y: y - by })
  await up()
  await page.waitForTimeout(300)
  expect(page.url()).toBe(before)
  await expect(page.locator('oom-map path.boundary')).toHaveAttribute('d', whole ?? '')
})

test('a double tap shows everything and pins nothing, however late the page hears of it', async ({ page }) => {
  await open(page, `model=${LLAMA}&s=4k..16k&b=1..32`)
  const plot = await plotOf(page)
  const { tap } = await fingers(page)
  await tap(plot.at(0.5, 0.5))
  // The second tap's own time is soon after the first; a busy page gets to it only now, when the first is settled.
  await expect(page).toHaveURL(/[#&]batch=/)
  await tap(plot.at(0.5, 0.5))
  await expect(page).not.toHaveURL(/[#&]s=/)
  // The scenario is what it was, and there is nothing to undo.
  await expect(page.locator('h1')).toContainText('serves 1 sequence of 8k tokens')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled()
})

test('one finger scrolls a long page and moves the map sideways', async ({ page, isMobile }) => {
  await open(page, `model=${LLAMA}&s=4k..16k&b=1..32`)
  const plot = await plotOf(page)
  const { down, move, up } = await fingers(page)
  await down(plot.at(0.5, 0.5))
  for (const x of [0.45, 0.4, 0.3, 0.2]) await move(plot.at(x, 0.5))
  await up()
  await expect(page).toHaveURL(/[#&]s=[^4]/)
  const view = page.url()
  await down(plot.at(0.5, 0.9))
  for (const y of [0.8, 0.6, 0.3, 0]) await move(plot.at(0.5, y))
  await up()
  if (isMobile) await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(20)
  await expect(page).toHaveURL(view)
})
