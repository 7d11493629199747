#!/usr/bin/env bash
# Regenerates golden/*.json: a fresh environment in a temporary directory (about 7 GB), then every generator, each with
# the pinned transformers and again with the newer one for the models the first does not know. No GPU, no weights.
#   bash tests/oracle/run.sh              everything (about an hour on two cores)
#   bash tests/oracle/run.sh saved peak   these generators only
#   ORACLE_ENV=DIR bash …                 keeps and reuses the environment
set -euo pipefail
cd "$(dirname "$0")"
env=${ORACLE_ENV:-$(mktemp -d)}
[ -n "${ORACLE_ENV:-}" ] || trap 'rm -rf "$env"' EXIT
if [ ! -x "$env/bin/python" ]; then
  "${PYTHON:-python3}" -m venv "$env"
  "$env/bin/pip" install --quiet -r requirements.txt
  "$env/bin/pip" install --quiet --no-deps --target "$env/next" -r requirements-next.txt
fi
export OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1
for generator in ${*:-parameters inference saved peak lora fsdp}; do
  "$env/bin/python" "$generator.py"
  case $generator in
    fsdp) ;;
    *) PYTHONPATH="$env/next" "$env/bin/python" "$generator.py" --add ;;
  esac
done
