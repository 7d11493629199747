/** Switches of training scenarios from a measurement's fields: words of the row in the scenario's terms, never one row's own case. */

import { before } from '../../src/memory/inference/version.ts'
import type { ScenarioInput } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { Inexpressible, weightsOf } from './names.ts'
import { versionOf } from './releases.ts'
import { numberIn } from './settings.ts'

type Training = NonNullable<ScenarioInput['training']>
type Lora = NonNullable<ScenarioInput['lora']>

/** @throws Inexpressible with the reason */
export function trainingOf(row: Measurement, base: ScenarioInput): ScenarioInput {
  const text = row.other_settings ?? ''
  if (/\bLLaMA-?Pro\b|\bLISA\b|\bfreez\w*\b/i.test(`${row.optimizer ?? ''} ${text}`))
    throw new Inexpressible('only some layers are trained, which has no switch')
  const said = weightsOf(row.weights_precision)
  const weights = said ?? (row.kind !== 'qlora' && usesTrl(row, 0, 23) ? 'fp32' : null)
  const compute = computeOf(row, base)
  const quantised = weights !== null && !/^(fp32|bf16|fp16)$/.test(weights)
  const task =
    row.kind === 'full' || row.kind === 'pretrain' ? 'full' : quantised || row.kind === 'qlora' ? 'qlora' : 'lora'
  // A loop of one's own around a bare model; the Trainer's habits belong to the Trainer.
  const runtime = runtimeOf(row, base, text)
  const bare =
    base.runtime === 'transformers' && !/trainer|trl|axolotl|peft|accelerate|llama[-_ ]?factory/i.test(row.framework)
  return {
    ...base,
    ...runtime,
    task,
    precision: {
      weights: task === 'full' && quantised ? null : weights,
      compute,
      groupSize: row.group_size,
      ...(/\bstates bf16\b/i.test(row.optimizer ?? '') ? { optimizer: 'bf16' } : {}),
    },
    batch: microBatchOf(row),
    sequence: sequenceOf(row, text),
    parallelism: {
      ...base.parallelism,
      ...shardingOf(row),
      sequenceParallel: cutsSequence(row),
      interleave: numberIn(text, /\b(\d+) virtual stages\b/i) ?? 1,
    },
    serving: { overheadMiB: numberIn(text, /\b(\d+) MiB CUDA context/i) },
    training: {
      optimizer: optimizerOf(row),
      masterWeights: row.master_weights === null ? null : /fp32/.test(row.master_weights) && weights !== 'fp32',
      checkpointing: checkpointingOf(row),
      attention: attentionOf(row, base),
      gradientAccumulation: accumulation(row),
      offload: offloadOf(`${row.parallelism?.zero_fsdp ?? ''} ${text}`),
      ...(bare ? { autocast: false } : {}),
      ...(/autocast|\bamp\b/i.test(row.weights_precision ?? '') ? { autocast: true } : {}),
      ...(/\bno autocast\b/i.test(text) ? { autocast: false } : {}),
      ...(/\boptimizer_in_bwd\b/i.test(row.optimizer ?? '') ? { optimizerInBackward: true } : {}),
      ...foreachOf(row, runtime.runtime ?? base.runtime),
      ...(/\bcompiled?\b/i.test(text) ? { compile: true } : {}),
      ...(/\breference model\b/i.test(text) ? { reference: true } : {}),
      dropout: numberIn(text, /\bdropout (0?\.\d+|0)\b(?! only)/i),
      loss: usesTrl(row, 1, 7) ? 'fused' : lossOf(`${row.framework} ${text}`),
      packing: !/truncated to max_length so batches reach/i.test(text),
    },
    ...(task === 'full'
      ? {}
      : { lora: { ...loraOf(row), ...(bare || /\bbase not prepared\b/i.test(text) ? { prepared: false } : {}) } }),
  }
}

/** DeepSpeed runs where a stage is named, whoever wraps it. Its version is that of the transformers on top. */
function runtimeOf(row: Measurement, { runtime }: ScenarioInput, text: string): Partial<ScenarioInput> {
  const used = /zero-?[123]/i.test(row.parallelism?.zero_fsdp ?? '')
  const wrapped = runtime === 'transformers' || runtime === 'peft'
  if (runtime !== 'deepspeed' && !(wrapped && used)) return {}
  const runtimeVersion = versionOf('transformers', row.framework_version, text)
  return { runtime: used ? 'deepspeed' : 'transformers', runtimeVersion }
}

/** A script that does not say loads as `from_pretrained` does: in fp32. */
function computeOf(row: Measurement, { runtime }: ScenarioInput): 'fp32' | 'fp16' | 'bf16' {
  if (row.weights_precision === null && usesTrl(row, 0, 23)) return 'bf16'
  const said = row.weights_precision ?? (runtime === 'transformers' || runtime === 'peft' ? 'fp32' : '')
  if (/^fp32/i.test(said) && !/autocast|bf16|fp16|amp/i.test(said)) return 'fp32'
  return /fp16|float16|gptq/i.test(said) && !/bf16/i.test(said) ? 'fp16' : 'bf16'
}

/** torchtitan cuts a GPU's own batch into as many micro-batches as its pipeline has stages (pipeline_parallel_microbatches). */
function microBatchOf(row: Measurement): number {
  const own = Math.max(1, row.micro_batch ?? row.batch ?? 1)
  const stages = row.parallelism?.pp ?? 1
  const isWhole = row.batch === null || own * (row.parallelism?.dp ?? 1) >= row.batch
  return /torchtitan/i.test(row.framework) && stages > 1 && isWhole ? Math.ceil(own / stages) : own
}

/** Composer reduces gradients after every micro-batch, as if there were one. */
function accumulation(row: Measurement): number {
  if (/composer/i.test(row.framework)) return 1
  if (row.grad_accum !== null) return row.grad_accum
  const each = microBatchOf(row) * (row.parallelism?.dp ?? 1)
  return row.batch === null ? 1 : Math.max(1, Math.round(row.batch / each))
}

/** A cap stands in for lengths that are not given. */
function sequenceOf(row: Measurement, text: string): number {
  if (row.seq_len === null && /^max_/.test(row.measured.what))
    throw new Inexpressible('the sequence length is not given')
  return row.seq_len ?? numberIn(text, /\bmax[_ ]?(?:seq(?:uence)?)?[_ ]?length[\s=:]*(\d+)/i) ?? 512
}

/**
 * TRL from a version on: since 0.23 it checkpoints, loads in fp32 and computes in bf16 unless told otherwise (trl/trainer/base_config.py, utils.py);
 * since 1.7 its loss takes the tokens by chunks (pull request 5846).
 */
function usesTrl({ framework, framework_version }: Measurement, major: number, minor: number): boolean {
  const found = /\btrl\b[ =v]*(\d+\.\d+)/i.exec(`${framework} ${framework_version ?? ''}`)?.[1]
  const bare = /^trl$/i.test(framework) ? /^[ =v]*(\d+\.\d+)/.exec(framework_version ?? '')?.[1] : undefined
  const version = found ?? bare
  return version !== undefined && !before({ runtimeVersion: version }, major, minor)
}

/** llm-foundry's default is flash-attn's kernel, whose gradient has the logits' type. */
function lossOf(text: string): Training['loss'] {
  if (/chunked CE\b|chunked cross|llm-foundry/i.test(text)) return 'chunked'
  return /cross_entropy_loss_fusion|\bliger\b|\bcut cross/i.test(text) ? 'fused' : null
}

/** Where none is named, the one a framework's own examples use. */
function optimizerOf({ optimizer, framework }: Measurement): Training['optimizer'] {
  const words = optimizer ?? (/unsloth/i.test(framework) ? '8bit' : '')
  const eight = /8.?bit/i.test(words)
  if (/paged/i.test(words)) return eight ? 'paged-adamw-8bit' : 'paged-adamw'
  if (/ademamix/i.test(words)) return eight ? 'ademamix-8bit' : 'ademamix'
  if (/apollo/i.test(words)) return /mini/i.test(words) ? 'apollo-mini' : 'apollo'
  if (/lion/i.test(words)) return eight ? 'lion-8bit' : 'lion'
  if (/muon/i.test(words)) return 'muon'
  if (/galore/i.test(words)) return eight ? 'galore-8bit' : 'galore'
  if (eight) return 'adamw-8bit'
  if (/adafactor/i.test(words)) return 'adafactor'
  if (/^none/i.test(words)) return 'none'
  if (/^sgd/i.test(words)) return 'sgd'
  return 'adamw'
}

/** torch's own AdamW groups its tensors, whatever the version of transformers takes by default; DeepSpeed brings its own. */
function foreachOf({ optimizer }: Measurement, runtime: ScenarioInput['runtime']): Partial<Training> {
  if (/\bfused\b/i.test(optimizer ?? '')) return { foreach: false }
  return /\badamw_torch\b/i.test(optimizer ?? '') && runtime !== 'deepspeed' ? { foreach: true } : {}
}

/** ms-swift and a recent TRL checkpoint unless told otherwise, whatever runs below them. */
function checkpointingOf(row: Measurement): Training['checkpointing'] {
  const said = row.checkpointing
  if (said === null) return /swift/i.test(row.framework) || usesTrl(row, 0, 23) ? 'full' : null
  if (/offload/i.test(said)) return 'offloaded'
  if (/selective/i.test(said)) return 'selective'
  if (/^(full|block|on|yes|true)\b/i.test(said)) return 'full'
  return /^(none|off|no|false)\b/i.test(said) ? 'none' : null
}

/**
 * Where none is named: axolotl's examples turn flash attention on. Without it transformers computes with PyTorch's kernels since 4.36, ms-swift on
 * top of it too (its models of 2023 with code of their own as well: modeling_qwen.py on PyTorch 2).
 */
function attentionOf(
  { flash_attention: said, framework }: Measurement,
  scenario: ScenarioInput,
): Training['attention'] {
  if (said === null) return /axolotl/i.test(framework) ? 'flash' : null
  if (/none stated|default/i.test(said)) return null
  if (/eager/i.test(said)) return 'eager'
  if (/^(off|no|none|false|disabled)\b/i.test(said)) return isOld(scenario) ? 'eager' : 'sdpa'
  return /sdpa/i.test(said) ? 'sdpa' : 'flash'
}

const isOld = ({ runtime, runtimeVersion = null }: ScenarioInput) =>
  runtime !== 'ms-swift' && before({ runtimeVersion }, 4, 36)

/** ZeRO stages and FSDP strategies. A single GPU shards nothing. */
function shardingOf(row: Measurement): { zero?: number } {
  const said = row.parallelism?.zero_fsdp ?? ''
  if (/ddp/i.test(said)) return { zero: 0 }
  const stage = /zero.?([123])/i.exec(said)?.[1]
  if (stage) return { zero: Number(stage) }
  if (/shard_grad_op/i.test(said)) return { zero: 2 }
  return /fsdp/i.test(said) ? { zero: 3 } : {}
}

/** Whether tensor parallelism cuts the sequence too, where it is said. */
const cutsSequence = ({ parallelism }: Measurement) => (typeof parallelism?.sp === 'boolean' ? parallelism.sp : null)

/** FSDP and DeepSpeed that offload parameters offload gradients and optimizer with them. */
function offloadOf(text: string): Training['offload'] {
  const states = /\boptimizer[ _](?:cpu[ _])?offload\w*/gi
  const given = text.replace(/\b(?:act(?:ivation)?s?[ _]cpu[ _])?offload\w* (?:=\s*)?false\b/gi, '')
  const said = given.replace(states, '')
  const activations = /\bactivations? (?:cpu )?offload(?:ing)?\b/i.test(said)
  const parameters = /\bcpu[ _]offload(?:ing)?\b(?! to)|\bcpu param\w*\b|\bparam\w* offload/i.test(said)
  return [
    ...(parameters ? (['parameters', 'gradients', 'optimizer'] as const) : []),
    ...(said !== given && !parameters ? (['optimizer'] as const) : []),
    ...(activations ? (['activations'] as const) : []),
  ]
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

/** Modules trained in full, by any family's name. */
const wholeModules: Record<string, string> = { wte: 'wte', embed_tokens: 'embed_tokens', lm_head: 'lm_head' }

/** LoRA dropout of scripts that have one by default. */
function usualDropout(framework: string): number {
  if (/fsdp_qlora/i.test(framework)) return 0.1
  return /litgpt|swift|finetune\.py/i.test(framework) && !/unsloth/i.test(framework) ? 0.05 : 0
}

/** Targets in words: `DEFAULT(qkv)`, `qkvo`, `all linear`, or names of modules. */
function targetsIn(words: string): Lora {
  if (/\ball\b/i.test(words)) return { targets: ['all-linear'] }
  if (/\bqkv/i.test(words))
    return { targets: ['q_proj', 'k_proj', 'v_proj', ...(/\bqkv\W?o\b/i.test(words) ? ['o_proj'] : [])] }
  const named = words.match(/\b[a-z]+_(?:proj|attn)\b/g)
  return named ? { targets: named } : {}
}

function loraOf(row: Measurement): Lora {
  const said = row.lora ?? {}
  if (typeof said.method === 'string' && !/^lora$/i.test(said.method))
    throw new Inexpressible(`adapters of kind ${said.method} are not LoRA`)
  const targets = said.targets
  return {
    ...(typeof said.rank === 'number' ? { rank: said.rank } : {}),
    ...(typeof said.alpha === 'number' ? { alpha: said.alpha } : {}),
    dropout: typeof said.dropout === 'number' ? said.dropout : usualDropout(row.framework),
    ...(said.dora === true ? { dora: true } : {}),
    ...(Array.isArray(targets) ? { targets: targets.flatMap((t: string) => renamed[t] ?? [t]) } : {}),
    ...(typeof targets === 'string' ? targetsIn(targets) : {}),
    ...(Array.isArray(said.extra_trainable)
      ? { modulesToSave: said.extra_trainable.map((name: string) => wholeModules[name] ?? name) }
      : {}),
  }
}
