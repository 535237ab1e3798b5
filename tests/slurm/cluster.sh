#!/usr/bin/env bash
# A cluster on one machine, for tests: munge, the controller and some node daemons, all on the loopback interface.
#
#     cluster.sh start DIR NODES CORES [MEGABYTES]     writes DIR/slurm.conf and starts it; export SLURM_CONF=DIR/slurm.conf afterwards
#     cluster.sh stop DIR                  ends what `start` started, by the process ids that it wrote down
set -eu
action=$1
dir=$(realpath -m "$2")

alive() { [ -d "/proc/$1" ] && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null; }

stop_daemons() {
  local file pid
  for file in "$dir"/pid/node*.pid "$dir"/pid/controller.pid "$dir"/pid/munge.pid; do
    [ -s "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 50); do alive "$pid" || break; sleep 0.1; done
    alive "$pid" && kill -9 "$pid" 2>/dev/null
  done
  return 0
}

write_configuration() {
  local nodes=$1 cores=$2 port=$3 memory=$4 host
  host=$(hostname -s)
  cat > "$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
# Nothing listens beyond this machine.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
CredType=cred/munge
# A credential is valid for 5 s, so that a requeued job may start after seconds instead of minutes.
AuthInfo=socket=$dir/munge/socket,cred_expire=5
StateSaveLocation=$dir/state
# %n is the node's name: the nodes share this machine's files.
SlurmdSpoolDir=$dir/spool.%n
TmpFS=$dir/tmp.%n
SlurmctldPidFile=$dir/pid/controller.pid
SlurmdPidFile=$dir/pid/node.%n.pid
SlurmctldLogFile=$dir/log/controller.log
SlurmdLogFile=$dir/log/node.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,bf_interval=5,sched_interval=5
JobRequeue=1
KillWait=5
MinJobAge=3600
ReturnToService=2
MailProg=/bin/true
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + nodes))] CPUs=$cores RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP
CONF
}

start_daemons() {
  local nodes=$1 cores=$2 n
  for n in $(seq "$nodes"); do mkdir -p "$dir/spool.n$n" "$dir/tmp.n$n"; done
  mkdir -p "$dir/munge" "$dir/state" "$dir/pid" "$dir/log"
  chmod 755 "$dir" "$dir/munge" "$dir/pid"
  (umask 077; head -c 128 /dev/urandom > "$dir/munge/key")
  write_configuration "$nodes" "$cores" "${SLURM_TEST_PORT:-$((20000 + $$ % 20000))}" "${3:-4000}"
  export SLURM_CONF=$dir/slurm.conf
  munged --socket="$dir/munge/socket" --key-file="$dir/munge/key" --pid-file="$dir/pid/munge.pid" --log-file="$dir/munge/log" \
         --seed-file="$dir/munge/seed" --num-threads=2 || return 1
  slurmctld -f "$SLURM_CONF" -c || return 1
  for n in $(seq "$nodes"); do slurmd -f "$SLURM_CONF" -N "n$n" || return 1; done
  for _ in $(seq 150); do
    [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = "$nodes" ] && return 0
    sleep 0.2
  done
  sinfo >&2 || true
  return 1
}

case $action in
  stop) stop_daemons ;;
  start) start_daemons "$3" "$4" "${5:-}" || { stop_daemons; exit 1; } ;;
  *) echo "start or stop?" >&2; exit 2 ;;
esac
