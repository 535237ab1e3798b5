#!/usr/bin/env bash
# Installs what fieldscan needs on Debian 12, and nothing that is already there. Needs root or sudo.
set -eu
packages=(g++ cmake ninja-build make git ca-certificates clang-tidy clang-format
  libopenmpi-dev openmpi-bin libboost-mpi-dev libboost-serialization-dev libeigen3-dev libyaml-cpp-dev catch2
  libopenblas-dev liblapacke-dev librandom123-dev libxxhash-dev libmuparser-dev libcli11-dev libfmt-dev
  libsqlite3-dev sqlite3 zlib1g-dev libzip-dev libnetcdf-dev libceres-dev gnuplot-nox fonts-dejavu-core tidy
  slurm-wlm slurmd munge python3 dataset-fashion-mnist)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "needs root or sudo to install: ${missing[*]} (without root: README, 'Without root')" >&2; exit 1; }
  as_root=sudo
fi
echo "installing: ${missing[*]}"
$as_root apt-get update -q
# No daemon is started by the installation: the tests start their own.
$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "${missing[@]}"
