/** The scripts of a build. Everything that varies comes in the environment; nothing of the tenant's is pasted in. */

/**
 * npm: the lock that is there is installed exactly (`npm ci`); without one it is resolved first and handed back.
 * Settings of the bundle (.npmrc) are not taken over: they could name another registry or run things.
 */
export const npmScript = `
out="$BUILD_OUT"
port_of() { printf '%s' "\${1##*:}" | tr -d /; }
{
  printf '%s\\n' "$BUILD_NPMRC"
} > "$MILLRACE_TASK/npmrc"
export npm_config_userconfig="$MILLRACE_TASK/npmrc" npm_config_globalconfig=/dev/null npm_config_cache="$out/.cache"
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false npm_config_progress=false
export npm_config_ignore_scripts="$BUILD_IGNORE_SCRIPTS" npm_config_omit=dev npm_config_bin_links=false
export npm_config_omit_lockfile_registry_resolved=true
export npm_config_logs_max=0 npm_config_fetch_retries=1 npm_config_yes=false
export TMPDIR="$out/.tmp" PATH="$(dirname "$BUILD_NODE"):$PATH"
mkdir -p "$out/.tmp"
npm() { "$BUILD_NODE" "$BUILD_NPM" "$@"; }
cd "$out"
for name in package.json package-lock.json npm-shrinkwrap.json; do
  if [ -f "$MILLRACE_BUNDLE/$name" ]; then cp "$MILLRACE_BUNDLE/$name" "$out/$name"; chmod u+w "$out/$name"; fi
done
# The indexes are reached through loopback ports, also where a lock names them by their own addresses.
i=0
for origin in $BUILD_ORIGINS; do
  eval "url=\\$MILLRACE_CONNECTION_ORIGIN_$i"
  place="http://127.0.0.1:$(port_of "$url")"
  sed -i "s#{origin-$i}#$place#g" "$MILLRACE_TASK/npmrc"
  pattern="$(printf '%s' "$origin" | sed 's/\\./\\\\./g')"
  for lock in package-lock.json npm-shrinkwrap.json; do
    if [ -f "$lock" ]; then sed -i "s#\\"$pattern/#\\"$place/#g" "$lock"; fi
  done
  i=$((i + 1))
done
if [ ! -f package-lock.json ] && [ ! -f npm-shrinkwrap.json ]; then
  npm install --package-lock-only
  cp package-lock.json "$MILLRACE_ARTIFACTS/lock"
fi
npm ci
mkdir -p node_modules
rm -rf "$out/.cache" "$out/.tmp" package.json package-lock.json npm-shrinkwrap.json
`;

/** pip: wheels only unless scripts are allowed; hashes are required where the file has them, else reported back. */
export const pipScript = `
out="$BUILD_OUT"
port_of() { printf '%s' "\${1##*:}" | tr -d /; }
index_url() { eval "url=\\$MILLRACE_CONNECTION_ORIGIN_$1"; printf 'http://127.0.0.1:%s%s' "$(port_of "$url")" "$2"; }
export TMPDIR="$out/.tmp" PIP_CONFIG_FILE=/dev/null
mkdir -p "$TMPDIR"
if "$BUILD_PYTHON" -I -m pip --version >/dev/null 2>&1; then
  pip() { "$BUILD_PYTHON" -I -m pip "$@"; }
else
  wheel="$(ls /usr/share/python-wheels/pip-*.whl /usr/lib/python3*/ensurepip/_bundled/pip-*.whl 2>/dev/null | head -n 1)"
  if [ -z "$wheel" ]; then echo "this runner's Python has neither pip nor ensurepip (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; fi
  pip() { "$BUILD_PYTHON" -I "$wheel/pip" "$@"; }
fi
requirements="$MILLRACE_BUNDLE/requirements.txt"
set -- --isolated install --no-input --no-cache-dir --disable-pip-version-check --no-warn-script-location --root-user-action ignore
set -- "$@" --target "$out/packages" --trusted-host 127.0.0.1 --progress-bar off --retries 1 --report "$MILLRACE_ARTIFACTS/lock"
if [ "$BUILD_IGNORE_SCRIPTS" = true ]; then set -- "$@" --only-binary :all:; fi
if grep -q -e '--hash=' "$requirements"; then set -- "$@" --require-hashes; fi
first=yes
for entry in $BUILD_INDEXES; do
  if [ "$first" = yes ]; then set -- "$@" --index-url; first=no; else set -- "$@" --extra-index-url; fi
  set -- "$@" "$(index_url "\${entry%%=*}" "\${entry#*=}")"
done
for directory in $BUILD_FIND_LINKS; do set -- "$@" --find-links "$directory"; done
pip "$@" -r "$requirements"
mkdir -p "$out/packages"
rm -rf "$TMPDIR"
find "$out/packages" -mindepth 1 -maxdepth 1 -exec mv -t "$out" {} +
rmdir "$out/packages"
`;
