"""
Writes what each tool's own parser accepts: every flag with its kind (flag, int, float, text, list …) or its choices.

    python -m venv env && . env/bin/activate
    pip install torch transformers accelerate trl peft msgpack hjson py-cpuinfo psutil packaging    # CPU builds do
    pip install --no-deps vllm sglang && pip install <whatever their argument modules still miss>
    pip download --no-deps --no-binary :all: deepspeed llama-cpp-python && tar xf …
    python flags.py vllm | sglang | accelerate | trl | deepspeed <unpacked> | llama.cpp <unpacked>/vendor/llama.cpp <version>

No GPU, no driver: modules that vLLM and SGLang import and their parsers do not need are replaced by empty ones. `tensorrt-llm.json` and
`megatron.json` are written by hand: neither has its parser on PyPI.
"""

import argparse
import importlib.abc
import importlib.machinery
import json
import re
import sys
import types
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent


class Nothing(type):
    """A class that stands for anything: called, subscripted, united with another, used as a decorator."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return nothing(name)

    def __or__(cls, other):
        return object

    __ror__ = __or__

    def __getitem__(cls, item):
        return cls


def nothing(name):
    def call(self, *args, **options):
        return args[0] if len(args) == 1 and callable(args[0]) and not options else self

    def schema(cls, *_):
        from pydantic_core import core_schema

        return core_schema.any_schema()

    body = {"__init__": lambda self, *a, **k: None, "__call__": call, "__get_pydantic_core_schema__": classmethod(schema)}
    return Nothing(name, (), body)


class EmptyModule(types.ModuleType):
    __path__: list[str] = []
    __version__ = "0.0.0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(self, name, nothing(name))
        return self.__dict__[name]


class Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last: finds what nobody has found, if a server's own file asks for it."""

    def __init__(self):
        self.stood_in = set()

    def find_spec(self, name, path, target=None):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top in ("vllm", "sglang", "torch", "transformers", "ray"):
            return None
        if top not in self.stood_in:
            frame = sys._getframe(1)
            while frame and "importlib" in frame.f_code.co_filename:
                frame = frame.f_back
            if not frame or not re.search(r"site-packages/(vllm|sglang)/", frame.f_code.co_filename):
                return None
        self.stood_in.add(top)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return EmptyModule(spec.name)

    def exec_module(self, module):
        pass


def kind_of(action):
    if action.choices:
        return [str(choice) for choice in action.choices]
    if action.nargs == 0:
        return "flag"
    if isinstance(action.nargs, str) and action.nargs in "+*":
        return "list"
    if action.type in (int, float):
        return action.type.__name__
    named = getattr(action.type, "__name__", "")
    return "int" if "int" in named else "bool" if "bool" in named else "text"


def flags_of(parser):
    return {name: kind_of(a) for a in parser._actions for name in a.option_strings if name.startswith("--")}


def write(file, tool, of, source, **facts):
    text = json.dumps({"tool": tool, "version": of, "source": source, **facts}, indent=1, ensure_ascii=False)
    # Lists on one line.
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s*\n\s*", " ", m[1]) + "]", text)
    (HERE / f"{file}.json").write_text(text + "\n", encoding="utf-8")
    print(file, of, {key: len(value) for key, value in facts.items()})


def vllm():
    sys.meta_path.append(Missing())
    for name in ("_C", "_C_stable_libtorch", "_moe_C", "_moe_C_stable_libtorch", "_qutlass_C", "cumem_allocator"):
        sys.modules[f"vllm.{name}"] = EmptyModule(f"vllm.{name}")
    import vllm.platforms
    from vllm.platforms.cuda import NonNvmlCudaPlatform

    vllm.platforms._current_platform = NonNvmlCudaPlatform()
    from vllm.config.cache import KV_CACHE_DTYPES
    from vllm.entrypoints.common.cli_args import make_arg_parser
    from vllm.model_executor.layers.quantization import QUANTIZATION_METHODS
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    flags = flags_of(make_arg_parser(FlexibleArgumentParser()))
    # Checked after parsing, by ModelConfig and CacheConfig.
    flags["--quantization"] = sorted(QUANTIZATION_METHODS)
    flags["--kv-cache-dtype"] = KV_CACHE_DTYPES
    write("vllm", "vLLM", version("vllm"), "vllm/entrypoints/common/cli_args.py", flags=flags)


def sglang():
    sys.meta_path.append(Missing())
    from sglang.srt.server_args import ServerArgs

    parser = argparse.ArgumentParser()
    ServerArgs.add_cli_args(parser)
    write("sglang", "SGLang", version("sglang"), "sglang/srt/server_args.py", flags=flags_of(parser))


def accelerate():
    from dataclasses import fields

    from accelerate.commands.config.config_args import ClusterConfig
    from accelerate.commands.launch import launch_command_parser

    source = "accelerate/commands/launch.py, commands/config/config_args.py"
    config = [field.name for field in fields(ClusterConfig)]
    write("accelerate", "accelerate", version("accelerate"), source, flags=flags_of(launch_command_parser()), config=config)


def trl():
    from trl.scripts.sft import make_parser

    of = f"{version('trl')} with transformers {version('transformers')}"
    flags = {name: kind for name, kind in flags_of(make_parser()).items() if "-" not in name[2:]}
    write("trl", "TRL", of, "trl/scripts/sft.py", flags=flags)


def deepspeed(folder):
    sys.path.insert(0, folder)
    from deepspeed.runtime import precision_config, zero
    from deepspeed.runtime.zero import offload_config

    # What DeepSpeedConfig reads at the top is in constants, not in a model.
    constants = Path(folder, "deepspeed/runtime/constants.py").read_text(encoding="utf-8")
    models = {
        "zero_optimization": zero.config.DeepSpeedZeroConfig,
        "offload_optimizer": offload_config.DeepSpeedZeroOffloadOptimizerConfig,
        "offload_param": offload_config.DeepSpeedZeroOffloadParamConfig,
        "bf16": precision_config.DeepSpeedBF16Config,
        "fp16": precision_config.DeepSpeedFP16Config,
    }
    keys = {name: sorted(model.model_fields) for name, model in models.items()}
    top = sorted({*re.findall(r'^[A-Z_]+ = "([a-z0-9_]+)"$', constants, re.M), "zero_optimization", "bf16", "fp16"})
    of = Path(folder, "version.txt").read_text(encoding="utf-8").strip()
    write("deepspeed", "DeepSpeed", of, "deepspeed/runtime/config.py and its models", keys={"": top, **keys})


def llama_cpp(folder, of):
    source = Path(folder, "common/arg.cpp").read_text(encoding="utf-8")
    types_ = re.search(r"kv_cache_types = \{(.*?)\}", source, re.S)[1]
    cache = [name.lower() for name in re.findall(r"GGML_TYPE_(\w+)", types_)]
    flags = {}
    # Names, names of the negation, and the value's hint: a string that is not the help, which the handler follows.
    option = r'common_arg\(\s*\{([^{}]*)\}\s*,\s*(?:\{([^{}]*)\}\s*,\s*)?(?:"([^"]*)"\s*,(?!\s*\[))?'
    for names, against, hint in re.findall(option, source):
        for name in re.findall(r'"(--[^"]+)"', names + against):
            listed = re.fullmatch(r"[\[{]([\w|,]+)[\]}]", hint)
            flags[name] = re.split("[|,]", listed[1]) if listed else "int" if hint == "N" else "text" if hint else "flag"
    for name in ("--cache-type-k", "--cache-type-v"):
        flags[name] = cache
    write("llama-cpp", "llama.cpp", f"of llama-cpp-python {of}", "common/arg.cpp", flags=dict(sorted(flags.items())))


if __name__ == "__main__":
    {"vllm": vllm, "sglang": sglang, "accelerate": accelerate, "trl": trl, "deepspeed": deepspeed, "llama.cpp": llama_cpp}[sys.argv[1]](
        *sys.argv[2:]
    )
