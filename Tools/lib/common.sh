# What Tools/demo and Tools/test share; sourced, not run.

# Says in one line what comes next.
say() { printf '── %s\n' "$*"; }

# Runs a command as root: as it is, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the Debian packages of the list that are missing; touches apt only if one is.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What Vigie is built with, apart from Swift itself.
install_build_packages() {
  command -v swift >/dev/null || {
    echo "swift is missing: install Swift 6.3 or later from https://swift.org/install" >&2
    exit 2
  }
  install_packages pkg-config libpcre2-dev libarchive-dev libxml2-dev libqpdf-dev libicu-dev zlib1g-dev \
    libdeflate-dev libsqlite3-dev libyaml-dev nettle-dev python3 git
}

# Builds programs for release, one after the other, and says which one and for how long: the first takes minutes, in
# which silence would look like a hang.
build_release() {
  local product number=0 build start next code tick="${VIGIE_BUILD_TICK:-15}"
  for product in "$@"; do
    number=$((number + 1))
    say "building $product ($number of $#)"
    start=$SECONDS
    swift build -c release --product "$product" --quiet &
    build=$!
    # A command in the background does not hear Ctrl-C.
    trap 'kill "$build" 2>/dev/null; exit 130' INT TERM
    next=$tick
    while kill -0 "$build" 2>/dev/null; do
      sleep 0.5
      if [ $((SECONDS - start)) -ge "$next" ]; then
        say "  still building $product ($((SECONDS - start)) s)"
        next=$((SECONDS - start + tick))
      fi
    done
    code=0
    wait "$build" || code=$?
    trap - INT TERM
    if [ "$code" -ne 0 ]; then return "$code"; fi
  done
}

# What unpacks RARs that libarchive does not know; found when vigie-parse-worker starts. Without it their files are
# gaps.
install_rar_packages() { install_packages libunarr1; }

# What reads words drawn in pictures; found when vigie-ocr-worker starts. Without it every picture is a
# gap that names these packages.
install_ocr_packages() {
  install_packages tesseract-ocr tesseract-ocr-fra tesseract-ocr-eng
}

# A Python with packages from PyPI, in .cache/python-NAME; prints the path of the interpreter.
python_with() {
  local folder=".cache/python-$1" stamp
  shift
  stamp="$folder/installed"
  if [ "$(cat "$stamp" 2>/dev/null)" != "$*" ]; then
    install_packages python3 python3-venv >&2
    say "installing $*" >&2
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    echo "$*" >"$stamp"
  fi
  printf '%s\n' "$PWD/$folder/bin/python"
}
