/** The generated shaders as pictures: what a formula looks like in WGSL. That they compute the same numbers is tested in tests/gpu. */
import { describe, expect, it } from 'vitest'
import * as f from '../../../src/formula/expression.ts'
import { stage } from '../../../src/formula/stages.ts'
import { printWgsl } from '../../../src/formula/wgsl.ts'
import { Names } from '../../../src/formula/wgsl-names.ts'
import { printShare } from '../../../src/formula/wgsl-share.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { lowered } from '../../../src/sweep/plan.ts'

const layers: f.List = { name: 'layers', about: '' }
const count = f.field(layers, 'layer_count', 'layers', '')
const window = f.field(layers, 'window', 'tokens', '')
const heads = f.quantity('picture_kv_heads', 'heads', '')
const headDim = f.quantity('picture_head_dim', 'elements', '')
const precision = f.quantity('precision', 'B', 'a name WGSL reserves')
const batch = f.quantity('picture_batch', 'sequences', '', 'cell')
const sequence = f.quantity('picture_sequence', 'tokens', '', 'column')

const perToken = f.named('bytes of one token', 'B', '', f.product(2, heads, headDim, precision))
const cached = f.sumOver(layers, f.product(count, f.smallest(sequence, window)))
const cache = f.named('kv cache', 'B', '', f.product(batch, f.product(cached, perToken)))
const stages = stage({ total: f.largest(f.sum(cache, 2 ** 33), f.difference(f.product(batch, heads), 7)) })

describe('printWgsl', () => {
  it('reads like the formula', () => {
    expect(printWgsl(stages).code).toMatchInlineSnapshot(`
      "struct Slice {
        picture_kv_heads: u64,
        picture_head_dim: u64,
        precision_: u64,
        // The first row of each list, and one past the last.
        layers: vec2<u32>,
      }

      struct Hoisted {
        bytes_of_one_token: u64,
      }

      struct Column {
        total_per_sequence: u64,
        picture_kv_heads: u64,
      }

      fn evaluate_slice(slice: u32) {
        let picture_kv_heads = slices[slice].picture_kv_heads;
        let picture_head_dim = slices[slice].picture_head_dim;
        let precision_ = slices[slice].precision_;
        let bytes_of_one_token = times(times(times(u64(2, 0), picture_kv_heads), picture_head_dim), precision_);
        hoisted[slice].bytes_of_one_token = bytes_of_one_token;
      }

      fn evaluate_column(slice: u32, sequence: u64, column: u32) {
        var layers_sum = u64(0, 0);
        for (var row = slices[slice].layers.x; row < slices[slice].layers.y; row += 2u) {
          let layer_count = rows[row + 0];
          let window = rows[row + 1];
          layers_sum = plus(layers_sum, times(layer_count, smaller(sequence, window)));
        }
        let bytes_of_one_token = hoisted[slice].bytes_of_one_token;
        columns[column].total_per_sequence = times(layers_sum, bytes_of_one_token);
        let picture_kv_heads = slices[slice].picture_kv_heads;
        columns[column].picture_kv_heads = picture_kv_heads;
      }

      fn total(column: u32, batch: u32) -> u64 {
        return larger(walk(u64(0, 2), columns[column].total_per_sequence, batch), minus(walk(u64(0, 0), columns[column].picture_kv_heads, batch), u64(7, 0)));
      }

      fn total_line(column: u32, low: u32, high: u32) -> Line {
        return settled(larger_lines(line(u64(0, 2), columns[column].total_per_sequence, low, high), minus_line(line(u64(0, 0), columns[column].picture_kv_heads, low, high), u64(7, 0))));
      }

      fn cell_value(output: u32, column: u32, batch: u32) -> u64 {
        switch output {
          default: { return total(column, batch); }
        }
      }

      fn cell_line(output: u32, column: u32, low: u32, high: u32) -> Line {
        switch output {
          default: { return total_line(column, low, high); }
        }
      }"
    `)
  })

  it('prints vLLM inference, and the share of the capacity for its heatmap', async () => {
    const scenario = parseScenario({ model: 'meta-llama/Meta-Llama-3-8B', runtime: 'vllm' })
    const { stages } = lowered(resolve(scenario, architectureOf)).structure
    const share = printShare(stages, 'total')
    const text = [printWgsl(stages).code, share.struct, share.write, share.read].join('\n\n')
    await expect(`${text}\n`).toMatchFileSnapshot('vllm-inference.wgsl')
  })
})

describe('Names', () => {
  it('hands out legal identifiers, each once', () => {
    const names = new Names()
    const wanted = ['kv heads', 'kv heads', 'precision', 'plus', '2nd', '_', '__x', 'größe', 'loop', 'loop']
    expect(wanted.map((name) => names.unique(name))).toEqual([
      'kv_heads',
      'kv_heads_2',
      'precision_',
      'plus_',
      'n2nd',
      'n_',
      'n__x',
      'gr__e',
      'loop_',
      'loop__2',
    ])
  })
})
