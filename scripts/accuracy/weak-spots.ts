/** What the predictions are known to miss, in plain words; printed into docs/accuracy.md. */
export const weakSpots: string[] = [
  'TensorRT-LLM: its execution context, runtime and decoder buffers depend on the build and are only known from its log; without the log the pool comes out 5–10 % too large. Weight-only engines of DeepSeek keep more in 16 bits than the linear layers of other models (12 % of the engine).',
  'Servers’ pools are what is left after weights and profiling, so an error of 0.2 GiB in either is 5 % of a 4 GiB pool. vLLM’s non-torch memory (0.08–0.35 GiB on one GPU, more with several communicators) is a constant here.',
  'vLLM reports “tokens” of hybrid models (linear and full attention, shared pages) differently between versions; the prediction speaks of sequences of the full length.',
  'Several GPUs under `device_map`: each GPU’s own peak is summed, as published; how accelerate splits the layers, and what it leaves on the first GPU, moves sums by up to 12 % for prompts of 30 000 tokens.',
  'Families whose recurrent layers run in plain PyTorch when their CUDA kernels are missing (Mamba, gated delta rule) need many times the predicted activations then. The prediction is for the kernels.',
  'llama.cpp: the compute buffer without flash attention is an upper bound (some builds cap it), and expert weights staged for a partial offload are not counted.',
  'Older tables say “GB” without saying which; they are read as GiB, which is up to 7 % at stake.',
]
