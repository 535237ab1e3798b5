#!/usr/bin/env bash
# Installs what fieldscan needs on Debian 12, and nothing that is already there. Needs root or sudo.
# usage: install-dependencies.sh [tests]: what builds, runs and draws; with `tests` also what `make check` uses.
set -eu
packages=(g++ cmake ninja-build make git ca-certificates
  libopenmpi-dev openmpi-bin libboost-mpi-dev libboost-serialization-dev libeigen3-dev libyaml-cpp-dev
  libopenblas-dev liblapacke-dev librandom123-dev libxxhash-dev libmuparser-dev libcli11-dev libfmt-dev
  catch2 libsqlite3-dev zlib1g-dev libzip-dev libnetcdf-dev libceres-dev librsvg2-bin fonts-dejavu-core)
if [ "${1:-}" = tests ]; then
  packages+=(gnuplot-nox clang-19 libclang-rt-19-dev lld-19 clang-tidy clang-format sqlite3 tidy slurm-wlm slurmd munge python3 netcdf-bin python3-xarray python3-netcdf4 python3-pandas python3-jsonschema python3-yaml dataset-fashion-mnist)
fi
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
