/** Which linear layers LoRA adapts, and how large its matrices are (Hu et al., arXiv:2106.09685; peft's matching of target_modules). */
import type { Architecture, LayerKind, Tensor } from '../../model/architecture.ts'
import { cuts } from '../../model/tensors.ts'
import { refuse } from '../../scenario/parse.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { closest } from '../../units.ts'

type Lora = Scenario['lora']

/** Families whose experts, or routers, `transformers` keeps in parameters that are no `nn.Linear`, which peft cannot adapt. */
const fusedExperts = /^(gpt_oss|llama4|llama4_text|dbrx|granitemoe|granitemoehybrid|jetmoe)$/
const parameterRouters = /^(gpt_oss|llama4|llama4_text|deepseek_v2|deepseek_v3|glm4_moe|dots1)$/

/** What peft can put an adapter on. */
const isModule = (tensor: Tensor, { modelType }: Architecture) =>
  tensor.linear &&
  !(tensor.class === 'expert' && fusedExperts.test(modelType)) &&
  !(tensor.class === 'router' && parameterRouters.test(modelType))

/** A target matches a module's last name, or its path's end, as in peft. */
const named = (tensor: Tensor, target: string) => tensor.name === target || tensor.name.endsWith(`.${target}`)
const matches = (tensor: Tensor, target: string, architecture: Architecture) =>
  isModule(tensor, architecture) && (target === 'all-linear' || named(tensor, target))

/** Llama's names, for what other families call otherwise: the part a module plays in its block. */
const roles = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const
type Role = (typeof roles)[number]

/** What a linear layer of a kind does; a fused projection plays several parts. */
function rolesOf(kind: LayerKind, tensor: Tensor): readonly Role[] {
  const own = kind.tensors.filter((t) => t.linear && t.class === tensor.class)
  if (tensor.class === 'attention' && kind.mixers[0]?.kind === 'attention') {
    if (tensor === own.at(-1)) return ['o_proj']
    if (own.length === 2) return ['q_proj', 'k_proj', 'v_proj']
  }
  if (tensor.class !== 'mlp') return []
  if (tensor === own.at(-1)) return ['down_proj']
  return kind.feedForwards.some((block) => block.kind === 'dense' && block.gated)
    ? ['gate_proj', 'up_proj']
    : ['up_proj']
}

/**
 * The tensors a scenario adapts in each kind of layer, aligned with `architecture.kinds`: by name. Names of Llama's that this model does not have are
 * left out beside others that it has, as in peft; where it has none of them, or where `slices` says that parts of fused projections are adapted each
 * for itself, they mean the part a module plays.
 * @throws ScenarioError for a target that no layer has
 */
export function adaptedTensors(architecture: Architecture, lora: Lora, slices: boolean): Tensor[][] {
  const known = (target: string) =>
    architecture.kinds.some((kind) => kind.tensors.some((t) => matches(t, target, architecture))) ||
    outsideOf(architecture).some((t) => isOutside(t, target))
  const strange = lora.targets.filter((target) => !known(target))
  for (const target of strange)
    if (!(roles as readonly string[]).includes(target)) throw unknownTarget(architecture, target)
  const byRole = slices || strange.length === lora.targets.length ? strange : []
  return architecture.kinds.map((kind) =>
    kind.tensors.flatMap((t) => {
      if (lora.targets.some((target) => matches(t, target, architecture))) return [t]
      const played = isModule(t, architecture) ? rolesOf(kind, t).filter((role) => byRole.includes(role)) : []
      if (played.length === 0) return []
      return slices && t.class === 'attention' ? played.map((role) => sliceOf(kind, t, role)) : [t]
    }),
  )
}

/** The rows of a fused projection that make queries, keys or values. */
function sliceOf(kind: LayerKind, tensor: Tensor, role: Role): Tensor {
  const mixer = kind.mixers[0]
  if (mixer?.kind !== 'attention' || role === 'o_proj') return tensor
  const { keyValue: _, ...whole } = tensor
  const heads = role === 'q_proj' ? mixer.heads : mixer.kvHeads
  return { ...whole, name: `${tensor.name}.${role}`, out: heads * mixer.headDim, parts: heads }
}

function unknownTarget(architecture: Architecture, target: string) {
  const linear = [...new Set(architecture.kinds.flatMap((kind) => kind.tensors.filter((t) => t.linear).map(lastName)))]
  const near = closest(target, linear, 1)[0]
  const remedy = `this model has ${linear.join(', ')}${near ? ` (nearest: ${near})` : ''}`
  return refuse('lora.targets', target, `names no linear layer; ${remedy}`)
}

const lastName = (tensor: Tensor) => tensor.name.slice(tensor.name.lastIndexOf('.') + 1)
const isOutside = (tensor: Tensor, target: string) =>
  (tensor.class === 'embedding' || tensor.class === 'head') && named(tensor, target)

/** Embedding and head when they are targets by name; a tied head is a linear layer over the embedding. */
export function adaptedOutside(architecture: Architecture, lora: Lora): Tensor[] {
  return outsideOf(architecture).filter((tensor) => lora.targets.some((target) => isOutside(tensor, target)))
}

function outsideOf({ outside, tiedEmbeddings }: Architecture): Tensor[] {
  const table = tiedEmbeddings ? outside.find((t) => t.class === 'embedding' && t.in > 1) : undefined
  return table ? [...outside, { ...table, name: 'lm_head', class: 'head' }] : outside
}

/** Embedding and head that are trained in full beside the adapters, biases too. @throws ScenarioError for a name that is neither */
export function copiedOutside(architecture: Architecture, lora: Lora): Tensor[] {
  const outside = outsideOf(architecture)
  return lora.modulesToSave.flatMap((name) => {
    const found = outside.filter((t) => isOutside(t, name) || isOutside(t, `${name}.bias`))
    if (found.length > 0) return found
    const names = outside.filter((t) => (t.class === 'embedding' || t.class === 'head') && t.in > 1).map((t) => t.name)
    throw refuse('lora.modulesToSave', name, `is neither embedding nor head; this model has ${names.join(', ')}`)
  })
}

export interface AdapterMatrix {
  /** Parameters of one matrix, all experts together. */
  elements: number
  parts: number
}

/** A and B of one adapted tensor, and DoRA's magnitude vector (arXiv:2402.09353), which is as long as the output. */
export function matricesOf(tensor: Tensor, lora: Lora): AdapterMatrix[] {
  const a = { elements: tensor.count * lora.rank * tensor.in, parts: tensor.cut === 'in' ? tensor.parts : 1 }
  const b = { ...tensor, in: lora.rank, ...(tensor.cut === 'out' ? {} : { parts: 1 }) }
  const magnitudes = { elements: tensor.count * tensor.out, parts: 1 }
  return [a, ...cuts(b), ...(lora.dora ? [magnitudes] : [])]
}

/** Exact trainable parameters over the whole model, modules trained in full included. */
export function adapterParameters(architecture: Architecture, lora: Lora, slices = false): number {
  const perKind = adaptedTensors(architecture, lora, slices)
  const count = (tensors: Tensor[]) =>
    tensors.flatMap((t) => matricesOf(t, lora)).reduce((sum, m) => sum + m.elements, 0)
  const sizes = perKind.map(count)
  const copies = copiedOutside(architecture, lora).reduce((sum, t) => sum + t.count * t.out * t.in, 0)
  return architecture.order.reduce((sum, kind) => sum + sizes[kind], copies + count(adaptedOutside(architecture, lora)))
}
