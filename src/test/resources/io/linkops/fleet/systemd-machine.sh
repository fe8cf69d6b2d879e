#!/bin/bash
# A machine of this host's distribution with its own systemd as PID 1, in namespaces of this host: own processes, cgroups, network and disk.
#
#   systemd-machine.sh build ROOT                      makes the shared root file system, once (a minute, 300 MB)
#   systemd-machine.sh up ROOT DIRECTORY INDEX PUBKEY  boots one; 10.214.INDEX.2 is its address, 10.214.INDEX.1 this host
#   systemd-machine.sh kill DIRECTORY INDEX            pulls the plug; what it wrote stays, `up` boots it again
#   systemd-machine.sh down DIRECTORY INDEX            pulls the plug and forgets it
#
# Needs root, debootstrap, ip, unshare and a cgroup2 hierarchy somewhere. The kernel, and so its boot id, is the host's.
set -euo pipefail
self=$(readlink -f "$0")

die() {
  echo "systemd-machine.sh: $*" >&2
  exit 1
}

cgroup2() { awk '$3 == "cgroup2" {print $2; exit}' /proc/mounts; }

# The machine's PID 1 as this host counts.
init_of() {
  local outer
  outer=$(cat "$1/pid" 2>/dev/null) && pgrep -P "$outer" 2>/dev/null | head -n 1
}

mirror_of_this_host() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -E '/(debian|ubuntu)/?$' | sort -u | sed -n 1p
}

build() {
  local root=$1 mirror suite
  exec 9>"$root.lock"
  flock 9
  if [ -f "$root/.built" ]; then return; fi
  rm -rf "$root"
  # shellcheck source=/dev/null
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(mirror_of_this_host)
  if [ -z "$mirror" ]; then
    apt-get update -qq
    mirror=$(mirror_of_this_host)
  fi
  [ -n "$mirror" ] || die "no package mirror is known here"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,openssh-server,iproute2,procps \
    "$suite" "$root" "$mirror" >"$root.log" 2>&1 || die "debootstrap failed, see $root.log"
  rm -f "$root"/etc/ssh/ssh_host_*
  touch "$root/.built"
}

up() {
  local root=$1 directory=$2 index=$3 pubkey=$4 group init=''
  [ -z "$(init_of "$directory")" ] || die "it is up already"
  mkdir -p "$directory"/{up/etc/ssh,up/root/.ssh,work,root}
  chmod 700 "$directory/up/root" "$directory/up/root/.ssh"
  install -m 600 "$pubkey" "$directory/up/root/.ssh/authorized_keys"
  [ -f "$directory/up/etc/ssh/ssh_host_ed25519_key" ] ||
    ssh-keygen -q -t ed25519 -N '' -C machine -f "$directory/up/etc/ssh/ssh_host_ed25519_key"
  group=$(cgroup2)/linkops-machine-$index
  mkdir -p "$group"
  # shellcheck disable=SC2016
  setsid bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec unshare -m -u -i -n -p -C --fork --kill-child "$@"' - \
    "$group" bash "$self" boot "$root" "$directory" "$index" >"$directory/log" 2>&1 </dev/null &
  echo $! >"$directory/pid"
  for _ in $(seq 200); do
    init=$(init_of "$directory") && [ -n "$init" ] &&
      [ "$(readlink "/proc/$init/ns/net")" != "$(readlink /proc/self/ns/net)" ] && break
    sleep 0.05
  done
  [ -n "$init" ] || die "it did not start, see $directory/log"
  ip link del "lkm$index" 2>/dev/null || true
  ip link add "lkm$index" type veth peer name eth0 netns "$init"
  ip addr add "10.214.$index.1/30" dev "lkm$index"
  ip link set "lkm$index" up
}

# Inside of the new namespaces: mounts, network, then systemd.
boot() {
  local root=$1 directory=$2 index=$3 r=$2/root each
  mount --make-rprivate /
  mount -t overlay overlay -o "lowerdir=$root,upperdir=$directory/up,workdir=$directory/work" "$r"
  mount -t proc proc "$r/proc"
  mount -t sysfs sysfs "$r/sys"
  mount -t tmpfs tmpfs "$r/run"
  mount -t tmpfs tmpfs "$r/tmp"
  mount -t tmpfs -o mode=755 tmpfs "$r/dev"
  # All of /proc/sys but the network's is the host's: only to be read.
  mount --bind "$r/proc/sys/net" "$r/tmp"
  mount --bind "$r/proc/sys" "$r/proc/sys"
  mount -o remount,ro,bind "$r/proc/sys"
  mount --bind "$r/tmp" "$r/proc/sys/net"
  umount "$r/tmp"
  for each in null zero full random urandom tty; do
    touch "$r/dev/$each"
    mount --bind "/dev/$each" "$r/dev/$each"
  done
  mkdir "$r/dev/pts" "$r/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,gid=5 devpts "$r/dev/pts"
  mount -t tmpfs tmpfs "$r/dev/shm"
  ln -s pts/ptmx "$r/dev/ptmx"
  ln -s /proc/self/fd "$r/dev/fd"
  ln -s /proc/self/fd/0 "$r/dev/stdin"
  ln -s /proc/self/fd/1 "$r/dev/stdout"
  ln -s /proc/self/fd/2 "$r/dev/stderr"
  mount -t cgroup2 cgroup2 "$r/sys/fs/cgroup"
  hostname "machine-$index"
  echo "machine-$index" >"$r/etc/hostname"
  while ! ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip link set lo up
  ip addr add "10.214.$index.2/30" dev eth0
  ip link set eth0 up
  cd "$r"
  mkdir -p .old
  pivot_root . .old
  umount -l /.old
  exec env -i container=linkops PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init
}

kill_() {
  local directory=$1 index=$2 init
  init=$(init_of "$directory") || true
  if [ -n "$init" ]; then
    kill -9 "$init"
    while [ -d "/proc/$init" ]; do sleep 0.05; done
  fi
  ip link del "lkm$index" 2>/dev/null || true
}

down() {
  kill_ "$1" "$2"
  rm -rf "$1"
  for _ in $(seq 20); do
    find "$(cgroup2)/linkops-machine-$2" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.1
  done
}

case ${1:-} in
  build) build "$2" ;;
  up) up "$2" "$3" "$4" "$5" ;;
  boot) boot "$2" "$3" "$4" ;;
  kill) kill_ "$2" "$3" ;;
  down) down "$2" "$3" ;;
  *) sed -n 2,9p "$self" ;;
esac
