# Sourced by the scripts beside it: strict mode, the repository's root as working directory, and how they speak.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '== %s\n' "$*"; }

die() {
  printf 'scripts/%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}
