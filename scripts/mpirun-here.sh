#!/usr/bin/env bash
# mpirun on a small machine of one's own: as root if need be, more ranks than cores, waiting ranks give way.
# On a cluster call mpirun directly: none of this is wanted there.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
[ "$(id -u)" -eq 0 ] && export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
exec mpirun "$@"
