/** Figures and other things taken away: well-formed, nothing of the outside in them, nothing lost. */

import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Figure, figureSize, figureSvg } from '../../../src/export/figure.ts'
import { estimateJson } from '../../../src/export/json.ts'
import { withText } from '../../../src/export/png-text.ts'
import { escapeXml } from '../../../src/export/xml.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'

/** Any UTF-16, markup and forbidden characters often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('<', '>', '&', '"', "'", '\0', '\ud800', '\uffff', 'a'),
      fc.nat(0xffff).map((c) => String.fromCharCode(c)),
    ),
  )
  .map((letters) => letters.join(''))

const figure: Figure = {
  width: 400,
  height: 300,
  title: 'Llama 3 8B <on> "RTX 4090"',
  lines: ['vLLM & bf16', 'one line more'],
  layers: [
    { x: 40, y: 0, width: 360, height: 280, image: 'data:image/png;base64,AAAA' },
    { x: 0, y: 0, drawing: '<path d="M0 0h9"/>' },
  ],
  legend: {
    caption: 'Memory used',
    scale: { colours: ['#000000', '#ffffff'], from: '0 %', to: '100 %' },
    marks: [{ label: 'Out of memory', fill: '#a00000', hatch: '#ffffff' }],
  },
  address: 'https://example.org/#model=a&gpu=b',
  colours: { background: '#ffffff', ink: '#111111', faint: '#999999' },
  font: 'Inter, sans-serif',
}

describe('a figure', () => {
  const svg = figureSvg(figure)
  it('is well-formed', () => expect(() => checkXml(svg)).not.toThrow())
  it('holds title, lines, layers, legend and address, escaped', () => {
    expect(svg).toContain('Llama 3 8B &#60;on&#62; &#34;RTX 4090&#34;')
    expect(svg).toContain('vLLM &#38; bf16')
    expect(svg).toContain('https://example.org/#model=a&#38;gpu=b')
    expect(svg).toContain('<image x="56"')
    expect(svg).toContain('<path d="M0 0h9"/>')
    expect(svg).toContain('Out of memory')
  })
  it('has room for everything', () => {
    const { width, height, top } = figureSize(figure)
    expect(width).toBe(432)
    // Two rows of a legend of 20 pixels each, 10 above them, 34 for an address of one line.
    expect(height).toBe(top + 300 + 10 + 2 * 20 + 34)
    expect(figureSize({ ...figure, legend: null }).height).toBe(top + 300 + 34)
  })
  it('keeps its legend inside, row by row, whatever there is in it', () => {
    const label = fc.string({ maxLength: 40 }).map((text) => text || 'x')
    const line = label.map((name) => ({ label: name, stroke: '#000', dash: '7 4', thickness: 2 }))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 200, max: 900 }), (marks, width) => {
        const legend = { caption: 'Largest batch:', scale: null, marks }
        const drawn = figureSvg({ ...figure, width, legend, layers: [] })
        checkXml(drawn)
        const ends = [...drawn.matchAll(/<path d="M([\d.]+) (\d+)h20"/g)].map(([, x, y]) => [Number(x), Number(y)])
        expect(ends).toHaveLength(marks.length)
        // An item that starts a row may be wider than the figure; all others end before it does.
        for (const [i, [x]] of ends.entries())
          expect(x === 0 || x + 26 + marks[i].label.length * 7.3 <= width + 0.01).toBe(true)
        const { height, top } = figureSize({ ...figure, width, legend })
        for (const [, y] of ends) expect(top + 300 + 10 + y).toBeLessThan(height - 34)
      }),
    )
  })
  it('says in its description what it shows, with the whole address, of which it prints what has room', () => {
    const long = `https://example.org/#model=${'x'.repeat(4000)}`
    const drawn = figureSvg({ ...figure, address: long })
    expect(drawn).toContain(`<desc>vLLM &#38; bf16 one line more ${long}</desc>`)
    expect(drawn.match(/x{380,}/g)).toHaveLength(1)
    // Four lines of 64 characters of at most 6.2 pixels in 400.
    expect(drawn.match(/>[^<]{64}<\/text>/g)).toHaveLength(4)
    expect(figureSize({ ...figure, address: long }).height).toBe(figureSize(figure).height + 3 * 14)
  })
  it('is well-formed whatever the model is called', () => {
    fc.assert(fc.property(anyText, (title) => checkXml(figureSvg({ ...figure, title, address: title }))))
    expect(escapeXml('a\u0000b\ud800c')).toBe('abc')
  })
})

it('a PNG gets words and a resolution, chunks with lengths and checks as the PNG specification has them', () => {
  // The smallest PNG there is: signature, IHDR of one grey pixel, IDAT, IEND.
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
    'base64',
  )
  const told = Buffer.from(withText(png, { Title: 'Llama 3 → RTX 4090', Source: 'https://example.org/#a' }, 7559))
  const chunks: { type: string; data: Buffer }[] = []
  for (let at = 8; at < told.length; ) {
    const length = told.readUInt32BE(at)
    const body = told.subarray(at + 4, at + 8 + length)
    expect(told.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) })
    at += 12 + length
  }
  expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'pHYs', 'iTXt', 'iTXt', 'IDAT', 'IEND'])
  expect([chunks[1].data.readUInt32BE(0), chunks[1].data.readUInt32BE(4), chunks[1].data[8]]).toEqual([7559, 7559, 1])
  expect(chunks[2].data.toString('utf8')).toBe('Title\0\0\0\0\0Llama 3 → RTX 4090')
})

it('an estimate as JSON can be given back as a scenario', () => {
  const scenario = { model: 'openai-community/gpt2', batch: 3 }
  const answer = estimate(resolve(parseScenario(scenario), architectureOf))
  const read = JSON.parse(estimateJson(scenario, answer, 'https://example.org/'))
  expect(read).toEqual({ link: 'https://example.org/', scenario, estimate: answer })
  expect(estimate(resolve(parseScenario(read.scenario), architectureOf))).toEqual(read.estimate)
})

/** Elements nest and close, attributes are quoted, text holds no bare markup. */
function checkXml(text: string): void {
  const open: string[] = []
  const rest = text.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g,
    (_, close, name, _attributes, empty) => {
      if (close) {
        if (open.pop() !== name) throw new Error(`${name} closes nothing`)
      } else if (!empty) open.push(name)
      return ''
    },
  )
  if (open.length > 0) throw new Error(`${open} is not closed`)
  if (/[<>]|&(?!#\d+;)/.test(rest)) throw new Error(`Bare markup: ${rest}`)
}
