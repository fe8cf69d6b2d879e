#!/usr/bin/env bash
# Packs linkops.jar and its Java into a .deb.
#
#   build.sh --version VERSION --jar FILE --runtime DIRECTORY --work DIRECTORY --output FILE
#
# VERSION is Maven's; a -SNAPSHOT sorts before its release. The runtime is made by RuntimeImage.java beside this script; the
# package is for this machine's architecture. The AOT cache is made here, by a run with files of its own under --work.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
: "${SOURCE_DATE_EPOCH:=1793491200}"
export SOURCE_DATE_EPOCH

die() {
  echo "build.sh: $*" >&2
  exit 1
}

version='' jar='' runtime='' work='' output=''
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=${2/-SNAPSHOT/'~snapshot'} ;;
    --jar) jar=$2 ;;
    --runtime) runtime=$2 ;;
    --work) work=$2 ;;
    --output) output=$2 ;;
    *) die "what is $1? See the head of this script." ;;
  esac
  shift 2 || die "a value is missing"
done
if [ -z "$version" ] || [ ! -f "$jar" ] || [ ! -x "$runtime/bin/java" ] || [ -z "$work" ] || [ -z "$output" ]; then
  die "give --version, --jar, --runtime, --work and --output"
fi
command -v dpkg-deb >/dev/null || die "dpkg-deb is not installed; build the package on Debian or Ubuntu"

root=$work/root
lib=$root/usr/lib/linkops
doc=$root/usr/share/doc/linkops

lay_out() {
  rm -rf "$root"
  install -d "$lib" "$root/DEBIAN" "$doc/examples"
  cp -a "$runtime" "$lib/runtime"
  install -m 644 "$jar" "$lib/linkops.jar"
  install -D -m 755 "$here/linkops" "$root/usr/bin/linkops"
  install -D -m 644 "$here/linkopsd.service" "$root/usr/lib/systemd/system/linkopsd.service"
  install -D -m 644 "$here/sysusers.conf" "$root/usr/lib/sysusers.d/linkops.conf"
  install -D -m 640 "$here/config.yaml" "$root/etc/linkops/config.yaml"
  install -D -m 644 "$here/linkops.default" "$root/etc/default/linkops"
  install -m 644 "$here/../conf/linkops.yaml" "$here"/proxy/* "$doc/examples/"
  install -m 644 "$here/../LICENSE" "$doc/copyright"
  lay_out_manual
}

# The program prints both.
lay_out_manual() {
  local linkops=("$runtime/bin/java" --enable-native-access=ALL-UNNAMED -jar "$jar")
  install -d "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions"
  "${linkops[@]}" man | gzip -9 -n >"$root/usr/share/man/man1/linkops.1.gz"
  "${linkops[@]}" completion bash >"$root/usr/share/bash-completion/completions/linkops"
}

# The cache knows the jar by size and time, and the JVM's options: those of the launcher.
train() {
  local data=$work/training pid
  rm -rf "$data"
  install -d "$data"
  sed -e "s|^lib=.*|lib=$lib|" -e 's|-XX:AOTCache=|-XX:AOTCacheOutput=|' "$here/linkops" >"$data/linkops"
  printf '%s\n' "api: {port: 0}" "database: {path: $data/linkops.db}" "git: {local_path: $data/git}" \
    "ssh: {keys_directory: $data/keys}" "terminal: {recordings_directory: $data/recordings}" >"$data/config.yaml"
  sh "$data/linkops" serve --config "$data/config.yaml" >"$data/log" 2>&1 &
  pid=$!
  for _ in $(seq 1200); do
    grep -q 'listens on' "$data/log" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" || true
  [ -s "$lib/linkops.aot" ] || die "the training run made no AOT cache: $(cat "$data/log")"
  chmod 644 "$lib/linkops.aot"
  rm -rf "$data"
}

pack() {
  local size
  size=$(du -k -s --apparent-size "$root" | cut -f 1)
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$(dpkg --print-architecture)/" -e "s/@SIZE@/$size/" \
    "$here/deb/control" >"$root/DEBIAN/control"
  install -m 644 "$here/deb/conffiles" "$root/DEBIAN/conffiles"
  install -m 755 "$here"/deb/{postinst,prerm,postrm} "$root/DEBIAN/"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
  chmod -R u=rwX,go=rX "$root/usr" "$root/DEBIAN"
  dpkg-deb --root-owner-group -Zzstd -z9 --build "$root" "$output" >/dev/null
}

lay_out
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
train
pack
echo "$output: $(du -m "$output" | cut -f 1) MB"
