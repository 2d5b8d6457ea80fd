# What the scripts of Tools/synapse-vigie share; sourced from the root of the source tree.

cache="$PWD/.cache/synapse-stage"
synapse="$cache/synapse"
scanner="$cache/mcs"

# The program of this name that is built here, or nothing.
built() {
  if [ -x ".build/release/$1" ]; then readlink -f ".build/release/$1"; fi
}

# Makes a Python environment unless it is there already as it should be: $1 where, $2 what it holds
# (a new text makes it anew), the rest commands that fill it.
environment() {
  local place=$1 holds=$2
  shift 2
  if [ "$(cat "$place/holds" 2>/dev/null)" = "$holds" ]; then return; fi
  say "installing $holds"
  rm -rf "$place"
  python3 -m venv "$place"
  "$@"
  printf '%s' "$holds" >"$place/holds"
}

fill_synapse() {
  "$synapse/bin/pip" install -q --disable-pip-version-check matrix-synapse==1.163.2 \
    Twisted==26.10.0 prometheus_client==0.26.0 mypy==1.20.2 ruff==0.17.6
  "$synapse/bin/pip" install -q --disable-pip-version-check --no-deps \
    synapse-http-antispam==0.5.1 -e Tools/synapse-vigie
}

# Synapse, and the module in it.
install_synapse() {
  environment "$synapse" "matrix-synapse 1.163.2, synapse-http-antispam 0.5.1" fill_synapse
}

fill_scanner() {
  # What its metadata asks for is both too much and too little: it leaves out base58 and
  # python-magic. Later versions need a library that no package registry has.
  "$scanner/bin/pip" install -q --disable-pip-version-check --no-deps matrix-content-scanner==1.0.8
  "$scanner/bin/pip" install -q --disable-pip-version-check python-olm==3.2.16 mautrix==0.21.1 \
    aiohttp==3.14.5 jsonschema==4.26.0 pyyaml==6.0.4 base58==2.1.1 python-magic==0.4.27 \
    unpaddedbase64==2.1.0 pycryptodome==4.4.0 cachetools==8.0.2 humanfriendly==10.0 \
    canonicaljson==2.0.0
}

# matrix-content-scanner.
install_scanner() {
  install_packages libolm-dev libmagic1
  environment "$scanner" "matrix-content-scanner 1.0.8" fill_scanner
}
