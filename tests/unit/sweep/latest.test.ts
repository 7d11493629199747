/** `latest`: one run at a time, the newest request waits, those between are dropped. */
import { expect, it } from 'vitest'
import { latest } from '../../../src/sweep/latest.ts'

it('runs the first and the newest of a burst, one at a time', async () => {
  const log: string[] = []
  const run = latest(async (n: number) => {
    log.push(`start ${n}`)
    await new Promise((done) => setTimeout(done, 5))
    log.push(`end ${n}`)
    return n * 10
  })
  expect(await Promise.all([1, 2, 3, 4].map(run))).toEqual([10, null, null, 40])
  expect(log).toEqual(['start 1', 'end 1', 'start 4', 'end 4'])
  expect(await run(5)).toBe(50)
})

it('goes on after a run that failed, and passes the failure to its caller only', async () => {
  const run = latest(async (n: number) => {
    await Promise.resolve()
    if (n === 1) throw new Error('lost')
    return n
  })
  const results = await Promise.allSettled([run(1), run(2), run(3)])
  expect(results.map((r) => (r.status === 'fulfilled' ? r.value : r.reason.message))).toEqual(['lost', null, 3])
})
