#!/bin/sh
# A Slurm cluster of two nodes with two slots each, all on this machine and reachable from it only, for tests.
#
#   slurm.sh FOLDER CTLD_PORT PORT1 PORT2
#
# Everything is in FOLDER. Prints "ready" when jobs can be submitted with SLURM_CONF=FOLDER/slurm.conf, then obeys lines of its input and
# answers each with "done": "lose n2" kills a node with all that runs on it, "start n2" brings it back. When its input ends, be it that the process
# that started it was killed, it ends whatever runs on the cluster, and the cluster.
set -u
folder=$1
PATH=$PATH:/usr/sbin:/sbin
host=$(hostname)
user=$(id -un)
conf=$folder/slurm.conf
munge= munged= ctld= n1= n2=

# Processes with this line in the environment that they were started with.
with_variable() {
  for process in /proc/[0-9]*; do
    if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qxF "$1"; then echo "${process#/proc/}"; fi
  done
}

parents() {
  for pid in "$@"; do
    parent=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status" 2>/dev/null)
    if [ -n "$parent" ] && grep -qx slurmstepd "/proc/$parent/comm" 2>/dev/null; then echo "$parent"; fi
  done
}

stop() {
  trap - EXIT
  for pid in $n1 $n2 $ctld; do kill -9 "$pid" 2>/dev/null; done
  kill -9 $(with_variable "SLURM_CONF=$conf") 2>/dev/null
  if [ -n "$munged" ]; then kill "$munged" 2>/dev/null; fi
  wait
  if [ -n "$munge" ]; then rm -rf "$munge"; fi
}
trap stop EXIT
trap exit INT TERM HUP

# munged wants a key that only it can read; as root it becomes the user that Debian made for it.
mkdir -p "$folder/state" "$folder/spool" "$folder/log"
# Every folder above it must be open to that user, which those of tests are not.
munge=$(mktemp -d)
chmod 755 "$munge"
dd if=/dev/urandom of="$munge/key" bs=1024 count=1 2>/dev/null
chmod 400 "$munge/key"
become=
if [ "$(id -u)" = 0 ]; then
  chown -R munge "$munge"
  become="setpriv --reuid=munge --regid=munge --clear-groups"
fi
$become munged --foreground --socket="$munge/socket" --key-file="$munge/key" --pid-file="$munge/pid" \
  --log-file="$munge/log" --seed-file="$munge/seed" >"$folder/log/munged" 2>&1 </dev/null &
munged=$!

cat >"$conf" <<END
ClusterName=bridgebench
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$2
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$munge/socket,cred_expire=10
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=5
MinJobAge=3600
BatchStartTimeout=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$3 CPUs=2
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$4 CPUs=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=60 State=UP PriorityTier=1
PartitionName=hidden Nodes=n1,n2 Hidden=YES MaxTime=60 State=UP PriorityTier=1
PartitionName=urgent Nodes=n1,n2 MaxTime=60 State=UP PriorityTier=2 PreemptMode=OFF
END

start_node() {
  SLURM_CONF=$conf slurmd -D -N "$1" >"$folder/log/$1" 2>&1 </dev/null &
  eval "$1=\$!"
}

idle() {
  [ "$(SLURM_CONF=$conf timeout 5 sinfo --noheader --Node --partition=main --format=%t 2>/dev/null | grep -cE '^(idle|mix|alloc)$')" = 2 ]
}

wait_for_nodes() {
  tries=0
  until idle; do
    tries=$((tries + 1))
    if [ $tries -gt 120 ]; then
      echo "the nodes do not come up; logs are in $folder/log" >&2
      tail -n 5 "$folder"/log/* >&2
      exit 1
    fi
    sleep 0.25
  done
}

tries=0
until [ -S "$munge/socket" ]; do
  tries=$((tries + 1))
  if [ $tries -gt 40 ]; then
    echo "munged does not start:" >&2
    tail -n 3 "$folder/log/munged" >&2
    exit 1
  fi
  sleep 0.25
done
SLURM_CONF=$conf slurmctld -D >"$folder/log/slurmctld" 2>&1 </dev/null &
ctld=$!
start_node n1
start_node n2
wait_for_nodes
echo ready

while read -r verb node; do
  case $verb in
    lose)
      eval "kill -9 \$$node"
      jobs=$(with_variable "SLURMD_NODENAME=$node")
      kill -9 $(parents $jobs) $jobs 2>/dev/null
      ;;
    start)
      start_node "$node"
      wait_for_nodes
      ;;
  esac
  echo "done"
done
