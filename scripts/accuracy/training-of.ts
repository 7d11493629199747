/** Switches of training scenarios from a measurement's fields: words of the row in the scenario's terms, never one row's own case. */
import type { ScenarioInput } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { Inexpressible, runtimeOf, weightsOf } from './names.ts'
import { numberIn } from './settings.ts'

type Training = NonNullable<ScenarioInput['training']>
type Lora = NonNullable<ScenarioInput['lora']>

/** @throws Inexpressible with the reason */
export function trainingOf(row: Measurement, base: ScenarioInput): ScenarioInput {
  const text = row.other_settings ?? ''
  const weights = weightsOf(row.weights_precision)
  const compute = computeOf(row)
  const quantised = weights !== null && !/^(fp32|bf16|fp16)$/.test(weights)
  const task =
    row.kind === 'full' || row.kind === 'pretrain' ? 'full' : quantised || row.kind === 'qlora' ? 'qlora' : 'lora'
  return {
    ...base,
    task,
    precision: { weights: task === 'full' && quantised ? null : weights, compute, groupSize: row.group_size },
    batch: microBatchOf(row),
    sequence: sequenceOf(row, text),
    parallelism: { ...base.parallelism, ...shardingOf(row) },
    training: {
      optimizer: optimizerOf(row.optimizer),
      masterWeights: row.master_weights === null ? null : /fp32/.test(row.master_weights) && weights !== 'fp32',
      checkpointing: checkpointingOf(row.checkpointing),
      attention: attentionOf(row.flash_attention),
      gradientAccumulation: row.grad_accum ?? accumulation(row),
      offload: offloadOf(`${row.parallelism?.zero_fsdp ?? ''} ${text}`),
      ...(task === 'full' && /autocast|amp\b|mixed/i.test(row.weights_precision ?? '') ? { autocast: true } : {}),
    },
    ...(task === 'full' ? {} : { lora: loraOf(row) }),
  }
}

function computeOf(row: Measurement): 'fp32' | 'fp16' | 'bf16' {
  const said = row.weights_precision ?? ''
  if (/^fp32/i.test(said) && !/autocast|bf16|fp16|amp/i.test(said)) return 'fp32'
  return /fp16|float16|gptq/i.test(said) && !/bf16/i.test(said) ? 'fp16' : 'bf16'
}

function microBatchOf(row: Measurement): number {
  return Math.max(1, row.micro_batch ?? row.batch ?? 1)
}

function accumulation(row: Measurement): number {
  const each = microBatchOf(row) * (row.parallelism?.dp ?? 1)
  return row.batch === null ? 1 : Math.max(1, Math.round(row.batch / each))
}

/** A cap stands in for lengths that are not given. */
function sequenceOf(row: Measurement, text: string): number {
  return row.seq_len ?? numberIn(text, /\bmax[_ ]?(?:seq(?:uence)?)?[_ ]?length[\s=:]*(\d+)/i) ?? 512
}

function optimizerOf(said: string | null): Training['optimizer'] {
  const words = said ?? ''
  const eight = /8.?bit/i.test(words)
  if (/paged/i.test(words)) return eight ? 'paged-adamw-8bit' : 'paged-adamw'
  if (eight) return 'adamw-8bit'
  if (/adafactor/i.test(words)) return 'adafactor'
  if (/galore/i.test(words)) return 'galore'
  if (/^none/i.test(words)) return 'none'
  if (/^sgd/i.test(words)) return 'sgd'
  return 'adamw'
}

function checkpointingOf(said: string | null): Training['checkpointing'] {
  if (said === null) return null
  if (/offload/i.test(said)) return 'offloaded'
  if (/selective/i.test(said)) return 'selective'
  if (/^(full|block)/i.test(said)) return 'full'
  return /^none/i.test(said) ? 'none' : null
}

function attentionOf(said: string | null): Training['attention'] {
  if (said === null || /none stated|default/i.test(said)) return null
  if (/eager|^off/i.test(said)) return 'eager'
  return /sdpa/i.test(said) ? 'sdpa' : 'flash'
}

/** ZeRO stages and FSDP strategies. A single GPU shards nothing. */
function shardingOf(row: Measurement): { zero?: number } {
  const said = row.parallelism?.zero_fsdp ?? ''
  if (/ddp/i.test(said)) return { zero: 0 }
  const stage = /zero.?([123])/i.exec(said)?.[1]
  if (stage) return { zero: Number(stage) }
  if (/shard_grad_op/i.test(said)) return { zero: 2 }
  return /fsdp/i.test(said) ? { zero: 3 } : {}
}

function offloadOf(text: string): Training['offload'] {
  return /cpu offload/i.test(text) ? ['parameters', 'optimizer', 'gradients'] : []
}

/** Names that only one framework uses, in the names of `transformers`. */
const renamed: Record<string, string[]> = {
  query: ['q_proj'],
  key: ['k_proj'],
  value: ['v_proj'],
  projection: ['o_proj'],
  output_proj: ['o_proj'],
  mlp: ['gate_proj', 'up_proj', 'down_proj'],
  head: ['lm_head'],
  'output(lm_head)': ['lm_head'],
}

function loraOf(row: Measurement): Lora {
  const said = row.lora ?? {}
  if (typeof said.method === 'string' && !/^lora$/i.test(said.method))
    throw new Inexpressible(`adapters of kind ${said.method} are not LoRA`)
  const targets = said.targets
  return {
    ...(typeof said.rank === 'number' ? { rank: said.rank } : {}),
    ...(typeof said.alpha === 'number' ? { alpha: said.alpha } : {}),
    ...(typeof said.dropout === 'number' ? { dropout: said.dropout } : {}),
    ...(said.dora === true ? { dora: true } : {}),
    ...(Array.isArray(targets) ? { targets: targets.flatMap((t: string) => renamed[t] ?? [t]) } : {}),
    ...(typeof targets === 'string' && /all.linear/i.test(targets) ? { targets: ['all-linear'] } : {}),
  }
}

void runtimeOf
