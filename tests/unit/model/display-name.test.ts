/** Models' names against what their publishers' cards are headed with, organisation and hyphens aside. */
import { describe, expect, it, test } from 'vitest'
import { CATALOGUE, findModel } from '../../../src/model/catalogue.ts'
import { displayName } from '../../../src/model/display-name.ts'
import { search } from '../../../src/ui/widgets/search.ts'

test.each([
  ['meta-llama/Meta-Llama-3-8B', 'Llama 3 8B'],
  ['meta-llama/Llama-2-70b-hf', 'Llama 2 70B'],
  ['huggyllama/llama-7b', 'LLaMA 7B'],
  ['codellama/CodeLlama-13b-Instruct-hf', 'Code Llama 13B Instruct'],
  ['google/gemma-3-27b-it', 'Gemma 3 27B IT'],
  ['google/gemma-3-270m', 'Gemma 3 270M'],
  ['google/gemma-4-26B-A4B', 'Gemma 4 26B A4B'],
  ['internlm/internlm2_5-7b-chat', 'InternLM2.5 7B Chat'],
  ['ibm-granite/granite-3.3-8b-instruct', 'Granite 3.3 8B Instruct'],
  ['ibm-granite/granite-3.1-1b-a400m-instruct', 'Granite 3.1 1B A400M Instruct'],
  ['CohereForAI/aya-23-8B', 'Aya 23 8B'],
  ['CohereForAI/c4ai-command-r-plus', 'Command R+'],
  ['CohereLabs/c4ai-command-r7b-12-2024', 'Command R7B 12 2024'],
  ['stabilityai/stablelm-base-alpha-7b', 'StableLM Base Alpha 7B'],
  ['stabilityai/stablelm-2-1_6b-chat', 'StableLM 2 1.6B Chat'],
  ['allenai/OLMo-2-1124-7B', 'OLMo 2 7B'],
  ['allenai/OLMoE-1B-7B-0924', 'OLMoE 1B 7B'],
  ['openai-community/gpt2-xl', 'GPT-2 XL'],
  ['EleutherAI/gpt-neox-20b', 'GPT-NeoX 20B'],
  ['EleutherAI/gpt-j-6b', 'GPT-J 6B'],
  ['openai/gpt-oss-120b', 'gpt-oss 120B'],
  ['microsoft/phi-1_5', 'Phi-1.5'],
  ['microsoft/Phi-3.5-MoE-instruct', 'Phi-3.5 MoE Instruct'],
  ['microsoft/MAI-DS-R1', 'MAI-DS-R1'],
  ['zai-org/GLM-4.5-Air', 'GLM-4.5 Air'],
  ['zai-org/glm-4-9b-chat-hf', 'GLM-4 9B Chat HF'],
  ['01-ai/Yi-1.5-9B', 'Yi-1.5 9B'],
  ['01-ai/Yi-6B', 'Yi 6B'],
  ['mistralai/Mixtral-8x7B-v0.1', 'Mixtral 8x7B v0.1'],
  ['nvidia/Llama-3_3-Nemotron-Super-49B-v1', 'Llama 3.3 Nemotron Super 49B v1'],
  ['nvidia/NVIDIA-Nemotron-Nano-9B-v2', 'Nemotron Nano 9B v2'],
  ['nvidia/Nemotron-H-8B-Base-8K', 'Nemotron-H 8B Base 8K'],
  ['tiiuae/Falcon-H1-7B-Base', 'Falcon-H1 7B Base'],
  ['ByteDance-Seed/Seed-OSS-36B-Instruct', 'Seed-OSS 36B Instruct'],
  ['h2oai/h2o-danube2-1.8b-base', 'H2O Danube2 1.8B Base'],
  ['bigscience/bloom-7b1', 'BLOOM 7B1'],
  ['rednote-hilab/dots.llm1.inst', 'dots.llm1.inst'],
  ['google-bert/bert-base-uncased', 'BERT Base Uncased'],
])('%s is called %s', (id, name) => {
  expect(displayName(id)).toBe(name)
})

describe('all of the catalogue', () => {
  const names = CATALOGUE.map(({ id }) => displayName(id))

  it('no two are called alike', () => {
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('begin with a capital or their publisher’s own spelling, and write sizes in capitals', () => {
    for (const name of names) {
      expect(name).toMatch(/^([A-Z]|gpt-oss|dots\.)/)
      expect(name).not.toMatch(/_|\b\d+(\.\d+)?[bmk]\b/)
      expect(name.replace(/^(gpt-oss|dots\S+)/, '')).not.toMatch(/(^| )[a-uw-z]/)
    }
  })

  it('are found by their name, their id, and as a name for the command line', () => {
    const entries = CATALOGUE.map(({ id }) => ({ value: id, label: displayName(id) }))
    for (const { id } of CATALOGUE) {
      expect(search(entries, id).map(({ value }) => value)).toContain(id)
      expect(search(entries, displayName(id)).map(({ value }) => value)).toContain(id)
      expect(findModel(id)).toBe(id)
    }
    expect(search(entries, 'olmo 1124 7b')[0].value).toBe('allenai/OLMo-2-1124-7B')
    expect(search(entries, 'internlm2_5')[0].value).toBe('internlm/internlm2_5-7b-chat')
  })
})
