/** What is gathered for a download: every byte in order, in one piece or in many, up to a limit. */
import { describe, expect, it } from 'vitest'
import { Gathering, TooLargeError } from '../../../src/export/save.ts'

describe('gathering', () => {
  it('keeps every byte in order', async () => {
    const gathering = new Gathering()
    for (let i = 0; i < 3; i++) gathering.add(new Uint8Array([i, i]))
    expect([...new Uint8Array(await gathering.done().arrayBuffer())]).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('of more than is handed over at a time', async () => {
    const gathering = new Gathering()
    const chunk = 2 ** 22
    for (let i = 0; i < 5; i++) gathering.add(new Uint8Array(chunk).fill(i))
    const bytes = new Uint8Array(await gathering.done().arrayBuffer())
    expect(bytes.length).toBe(5 * chunk)
    for (let i = 0; i < 5; i++) expect([bytes[i * chunk], bytes[(i + 1) * chunk - 1]]).toEqual([i, i])
  })

  it('stops at its limit with a remedy', () => {
    const gathering = new Gathering(9)
    for (let i = 0; i < 4; i++) gathering.add(new Uint8Array(2))
    expect(() => gathering.add(new Uint8Array(2))).toThrow(TooLargeError)
    expect(() => gathering.add(new Uint8Array(2))).toThrow('command line')
  })
})
