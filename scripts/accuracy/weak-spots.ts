/** What the predictions are known to miss, in plain words; printed into docs/accuracy.md. */
export const weakSpots: string[] = [
  'TensorRT-LLM: its execution context, runtime and decoder buffers depend on the build and are only known from its log; without the log the pool comes out 5–10 % too large. Weight-only engines of DeepSeek keep more in 16 bits than the linear layers of other models (12 % of the engine).',
  'Servers’ pools are what is left after weights and profiling, so an error of 0.2 GiB in either is 5 % of a 4 GiB pool. vLLM’s non-torch memory (0.08–0.35 GiB on one GPU, more with several communicators) is a constant of its version here.',
  'vLLM reports “tokens” of hybrid models (linear and full attention, shared pages) differently between versions; the prediction speaks of sequences of the full length.',
  'Several GPUs under `device_map`: each GPU’s own peak is summed, as published; how accelerate splits the layers, and what it leaves on the first GPU, moves sums by up to 12 % for prompts of 30 000 tokens.',
  'Families whose recurrent layers run in plain PyTorch when their CUDA kernels are missing (Mamba, gated delta rule) need many times the predicted activations then. The prediction is for the kernels.',
  'llama.cpp: the compute buffer without flash attention is an upper bound (some builds cap it), and expert weights staged for a partial offload are not counted. Builds before June 2026 unpack a quantised cache outside that buffer, which is not counted either.',
  'Training on sequences of many lengths: the caching allocator keeps blocks that no later length fits, and one run of ms-swift’s benchmark reserves half more than another of the same settings. The range there reaches 35 % up, and still misses the worst.',
  'FSDP with offloaded parameters (fsdp_qlora at 34 and 70 billion parameters) reserves a tenth more than predicted: blocks of its copy streams are their own. What is allocated agrees.',
  'bitsandbytes quantising a 72-billion-parameter checkpoint while it loads, on one card, was measured 20 GiB above the same model loaded from GPTQ. Nobody has published why.',
  'DeepSpeed on one GPU (Qwen’s tables of 2023, meter not stated): a constant 1 to 1.5 GiB above predictions with adapters, 8 GiB with ZeRO-3 and full training.',
  'Models with experts under ms-swift, with Megatron-LM or DeepSpeed (meter not stated): a fifth to a half above predictions. What Megatron-LM’s own tests of such models allocate agrees within 4 %.',
  'torchtitan in NVFP4 keeps its inputs in four bits: a third less than predicted, which is for 16 bits.',
  'GPTQ checkpoints trained with a transformers before 4.48 are predicted for the kernel it then took by default, whose unpacked weights stay until backward. Runs with a Triton kernel need up to a tenth less (fms-acceleration’s tables), most with experts.',
  'Many notebooks and tables do not state how long their sequences are (unsloth, torchtune’s LoRA runs); 512 tokens are assumed, and weights they print after loading include what loading needed for a moment.',
  'Older tables say “GB” without saying which; they are read as GiB, which is up to 7 % at stake.',
]
