/** Figures and other things taken away: well-formed, nothing of the outside in them, nothing lost. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeXml, type Figure, figureSize, figureSvg } from '../../../src/export/figure.ts'
import { estimateJson } from '../../../src/export/json.ts'
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
    scale: ['#000000', '#ffffff'],
    from: '0 %',
    to: '100 %',
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
    expect(height).toBe(top + 300 + 64)
  })
  it('is well-formed whatever the model is called', () => {
    fc.assert(fc.property(anyText, (title) => checkXml(figureSvg({ ...figure, title, address: title }))))
    expect(escapeXml('a\u0000b\ud800c')).toBe('abc')
  })
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
