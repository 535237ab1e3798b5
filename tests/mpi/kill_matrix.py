#!/usr/bin/env python3
"""kill_matrix.py [--short] [--only WORDS] FIELDSCAN FIELDSCAN_FAULTS: kills campaigns in every way that we know, at random moments and at
every write of a commit, more than 200 times in all (--short: some 40), and lets each campaign be finished by later runs. Each must end
with the tables of an undisturbed run, byte by byte; what the store once held must stay, once; nothing may be left running, and no file
in the directory of temporary files and shared memory; and no run may go on beyond its deadline and the grace after it. --only: the
steps whose name contains the words."""
import argparse
import filecmp
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

LONGEST = 120  # seconds that any run of this test may take: alone it takes three
GRACE = 30  # seconds after a deadline in which a run must have ended, whatever holds it: fifteen, and as much for a busy machine
HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
random.seed(20261126)


class Failure(Exception):
    pass


def describe(pid):
    """(name, parent) of a process; None where it is gone or a zombie."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name = text[text.index("(") + 1:text.rindex(")")]
    state, parent = text[text.rindex(")") + 2:].split()[:2]
    return None if state == "Z" else (name, int(parent))


def cwd_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


class Matrix:
    def __init__(self, arguments):
        self.program, self.faulty = map(os.path.abspath, (arguments.fieldscan, arguments.fieldscan_faults))
        self.work = tempfile.mkdtemp()
        text = (HERE / "scan.yaml").read_text()
        self.scan = os.path.join(self.work, "scan.yaml")
        pathlib.Path(self.scan).write_text(text.replace("samples: 3000", "samples: 1000"))
        self.temporary = os.path.join(self.work, "tmp")
        os.mkdir(self.temporary)
        # Shared memory of the ranks goes there too: what is in /dev/shm may belong to other programs.
        self.environment = dict(os.environ, TMPDIR=self.temporary, OMPI_MCA_btl_vader_backing_directory=self.temporary)
        self.kills = {}
        self.seen = {}  # per run directory: what the store held

    # ---- processes of this test

    def processes(self):
        """All that run in the working directory: pid → (name, parent)."""
        found = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            if cwd_of(entry) == self.work and (about := describe(entry)):
                found[int(entry)] = about
        return found

    def ranks(self, mpirun):
        return sorted(pid for pid, (name, parent) in self.processes().items() if parent == mpirun and name.startswith("fieldscan"))

    def compute_children(self):
        """A rank's child is its fork server, whose children compute: three processes of the program, one below the other."""
        running = self.processes()
        ours = {pid for pid, (name, _) in running.items() if name.startswith("fieldscan")}
        parent = {pid: running[pid][1] for pid in ours}
        return sorted(pid for pid in ours if parent[pid] in ours and parent[parent[pid]] in ours)

    def fork_servers(self):
        """The children of ranks: two processes of the program, one below the other, and no third above."""
        running = self.processes()
        ours = {pid for pid, (name, _) in running.items() if name.startswith("fieldscan")}
        parent = {pid: running[pid][1] for pid in ours}
        return sorted(pid for pid in ours if parent[pid] in ours and parent[parent[pid]] not in ours)

    def wait(self, campaign, seconds=LONGEST):
        """Its exit status; a run that does not end is a failure."""
        try:
            return campaign.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{' '.join(campaign.args)}: still running after {seconds} s") from None

    def note(self, kind):
        self.kills[kind] = self.kills.get(kind, 0) + 1

    # ---- running

    def start(self, directory, ranks, *more, program=None, fault=None):
        command = [program or self.program, "run", self.scan, "--out", directory, "--quiet", *more]
        if ranks:
            command = [str(SOURCE / "scripts/mpirun-here.sh"), "-n", str(ranks), *command]
        environment = dict(self.environment, FIELDSCAN_FAULT=fault) if fault else self.environment
        output = open(os.path.join(self.work, "output"), "ab")
        return subprocess.Popen(command, cwd=self.work, env=environment, stdout=output, stderr=output)

    def finish(self, directory, ranks=3):
        for _ in range(5):
            if (status := self.wait(self.start(directory, ranks))) == 0:
                return self.check_end(directory)
        raise Failure(f"{directory}: the last run ended with {status}")

    def tables(self, directory):
        out = os.path.join(self.work, directory + ".tables")
        subprocess.run([self.program, "export", directory, "--format", "csv", "--out", out], cwd=self.work, check=True,
                       stderr=subprocess.DEVNULL)
        os.remove(os.path.join(out, "provenance.csv"))
        return out

    # ---- what must hold

    def check_store(self, directory):
        """Sound; all that was there before is there, unchanged; nothing is there twice."""
        file = os.path.join(self.work, directory, "store.sqlite")
        verify = subprocess.run([self.program, "verify", directory, "--sample", "0"], cwd=self.work, capture_output=True, text=True)
        if verify.returncode == 7:
            raise Failure(f"{directory}: {verify.stdout}{verify.stderr}")
        if verify.returncode != 0:
            return  # killed before there was a store
        connection = sqlite3.connect(file)
        rows = connection.execute("SELECT owner.id, draw, initialisation, checksum, outcome FROM result JOIN owner ON "
                                  "owner.key = result.owner WHERE invalid IS NULL").fetchall()
        connection.close()
        now = {row[:3]: row[3] for row in rows if row[4] != 6}  # failures may be replaced
        if len({row[:3] for row in rows}) != len(rows):
            raise Failure(f"{directory}: a result is there twice")
        before = self.seen.get(directory, {})
        if any(now.get(key) != checksum for key, checksum in before.items()):
            raise Failure(f"{directory}: a result that was there is lost or changed")
        self.seen[directory] = now

    def check_logs(self, directory):
        """Small, whatever happened."""
        for name in ("run.log", "run.jsonl"):
            file = pathlib.Path(self.work, directory, name)
            if file.exists() and file.stat().st_size > 1000000:
                raise Failure(f"{directory}: {name} has {file.stat().st_size} bytes")

    def check_nothing_left(self, directory):
        for _ in range(100):
            running = {pid for pid in self.processes() if pid != os.getpid()}
            files = os.listdir(self.temporary)
            if not running and not files:
                return
            time.sleep(0.1)
        raise Failure(f"{directory}: left behind: processes {running}, files {files}")

    def check_end(self, directory):
        self.check_store(directory)
        self.check_nothing_left(directory)
        out = self.tables(directory)
        names = sorted(os.listdir(self.reference))
        if names != sorted(os.listdir(out)) or filecmp.cmpfiles(self.reference, out, names, shallow=False)[0] != names:
            raise Failure(f"{directory}: the tables differ from those of the undisturbed run")
        shutil.rmtree(os.path.join(self.work, directory))
        shutil.rmtree(out)
        self.seen.pop(directory, None)

    # ---- the kinds of disturbance

    def disturb_children(self, kind, action, interval, wanted, *more):
        """Does something to a random compute child again and again, over as many runs as it takes."""
        directory, count = kind.replace(" ", "_"), 0
        while count < wanted:
            campaign = self.start(directory, 3, "--attempts", "100", *more)
            while campaign.poll() is None:
                time.sleep(interval)
                children = self.compute_children()
                if children and count < wanted and action(random.choice(children)):
                    self.note(kind)
                    count += 1
            self.check_store(directory)
            if campaign.returncode == 0:
                self.check_end(directory)
            elif campaign.returncode != 4:
                raise Failure(f"{kind}: the run ended with {campaign.returncode}")
        if os.path.exists(os.path.join(self.work, directory)):
            self.finish(directory)

    @staticmethod
    def send(number):
        def act(pid):
            try:
                os.kill(pid, number)
                return True
            except ProcessLookupError:
                return False
        return act

    @staticmethod
    def starve(pid):
        """No more memory for this process."""
        try:
            resource.prlimit(pid, resource.RLIMIT_DATA, (1 << 20, 1 << 20))
            return True
        except (ProcessLookupError, PermissionError):
            return False

    def kill_campaigns(self, kind, victims, number, rounds, allowed, ranks=3):
        """Kills processes of the campaign at a random moment, and goes on with the same run directory."""
        directory = kind.replace(" ", "_")
        for round_ in range(rounds):
            campaign = self.start(directory, ranks)
            self.wait_for_work(directory, campaign)
            time.sleep(0.8 * random.random())
            pids = victims(campaign.pid)
            for pid in [pids] if isinstance(pids, int) else pids or []:
                if campaign.poll() is None and self.send(number)(pid):
                    self.note(kind)
            status = self.wait(campaign)
            if allowed and status not in allowed:
                raise Failure(f"{kind}: the run ended with {status}")
            self.check_nothing_left(directory)
            self.check_store(directory)
            self.check_logs(directory)
            if status == 0 and round_ + 1 < rounds:
                self.check_end(directory)
        self.finish(directory)

    def wait_for_work(self, directory, campaign):
        """Until rank 0 holds the lock: before that it is mpirun alone that starts, and what it leaves is not known to the program."""
        lock = pathlib.Path(self.work, directory, "lock")
        while campaign.poll() is None:
            words = lock.read_text().split() if lock.exists() else []
            if "pid" in words and int(words[words.index("pid") + 1]) in [campaign.pid, *self.ranks(campaign.pid)]:
                return
            time.sleep(0.02)

    def rank(self, position):
        def find(mpirun):
            ranks = self.ranks(mpirun)
            return ranks[position] if len(ranks) == 3 else None
        return find

    def one_server(self, mpirun):
        """Of a worker: the last rank's."""
        servers = self.fork_servers()
        rank = self.rank(-1)(mpirun)
        running = self.processes()
        return next((pid for pid in servers if pid in running and running[pid][1] == rank), None)

    def all_servers(self, _):
        return self.fork_servers()

    def busy_mpirun(self, mpirun):
        """While tasks are computed: when the ranks have ended, mpirun alone could remove its own directory."""
        return mpirun if self.compute_children() else None

    def stop_ranks(self, rounds):
        """Stops a worker rank (SIGSTOP): it must not hold the run beyond its deadline and a grace."""
        for _ in range(rounds):
            campaign = self.start("stopped", 3, "--deadline", "2s")
            self.wait_for_work("stopped", campaign)
            time.sleep(0.5 * random.random())
            pid = self.rank(-1)(campaign.pid)
            if pid and self.send(signal.SIGSTOP)(pid):
                self.note("stop of a rank")
            status = self.wait(campaign, 2 + GRACE)
            if status not in (0, 75):
                raise Failure(f"a stopped rank: the run ended with {status}")
            self.check_nothing_left("stopped")
            self.check_store("stopped")
        self.finish("stopped")

    def lock_from_outside(self, seconds, deadline):
        """Somebody else holds the lock of the database: until it is released, or past the deadline of the run."""
        directory = "locked"
        campaign = self.start(directory, 3, *(["--deadline", f"{deadline}s"] if deadline else []))
        self.wait_for_work(directory, campaign)
        log = pathlib.Path(self.work, directory, "run.log")
        while campaign.poll() is None and not (log.exists() and "start of" in log.read_text()):
            time.sleep(0.01)
        if campaign.poll() is not None:
            raise Failure("the run was over before it could be locked out")
        connection = sqlite3.connect(os.path.join(self.work, directory, "store.sqlite"), timeout=10, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        self.note("lock from outside")
        try:
            if deadline:
                status = self.wait(campaign, deadline + GRACE)
            else:
                time.sleep(seconds)
        finally:
            connection.execute("ROLLBACK")
            connection.close()
        if not deadline:
            status = self.wait(campaign)
        if status not in ({1, 75} if deadline else {0}):
            raise Failure(f"a lock from outside: the run ended with {status}")
        self.check_nothing_left(directory)
        self.check_store(directory)
        self.finish(directory) if status else self.check_end(directory)

    def remove_directory(self, kind, remove):
        """The run directory, or its store, is taken away: the run says so and does not claim to have finished."""
        directory = "removed"
        campaign = self.start(directory, 3)
        self.wait_for_work(directory, campaign)
        time.sleep(0.3 + 0.4 * random.random())
        remove(os.path.join(self.work, directory))
        self.note(kind)
        status = self.wait(campaign)
        if status != 1:
            raise Failure(f"{kind}: the run ended with {status} instead of 1")
        self.check_nothing_left(directory)
        shutil.rmtree(os.path.join(self.work, directory), ignore_errors=True)
        self.seen.pop(directory, None)
        self.finish(directory)

    def replace_data(self):
        """Another file is moved over the data while they are used: nothing of it is stored under the old ids."""
        data, scan = os.path.join(self.work, "data.csv"), os.path.join(self.work, "data.yaml")
        self.write_data(data, 1)
        pathlib.Path(scan).write_text((HERE / "data.yaml").read_text().replace("DATA", data))
        reference, self.reference, usual, self.scan = self.reference, None, self.scan, scan
        if self.wait(self.start("data_reference", 0)) != 0:
            raise Failure("the undisturbed run on data failed")
        self.reference = self.tables("data_reference")
        campaign = self.start("data", 3)
        self.wait_for_work("data", campaign)
        kept = data + ".kept"
        shutil.copy(data, kept)
        self.write_data(data + ".new", 2)
        os.replace(data + ".new", data)
        self.note("replacement of the data")
        # Who has the rows in memory goes on with those; a fresh child has to load them.
        for pid in self.compute_children():
            self.send(signal.SIGKILL)(pid)
        if self.wait(campaign) == 0:  # all was computed already
            self.check_end("data")
        os.replace(kept, data)
        self.check_nothing_left("data")
        self.check_store("data")
        self.finish("data")
        self.reference, self.scan = reference, usual

    @staticmethod
    def write_data(file, seed):
        generator = random.Random(seed)
        with open(file, "w") as out:
            for _ in range(400):
                x = [generator.gauss(0, 1) for _ in range(6)]
                out.write(",".join(f"{v:.6f}" for v in [*x, x[0] + 0.3 * x[1]]) + "\n")

    def kill_commits(self, wanted):
        """Kills at the first, second, third … change of a file by SQLite, in one process."""
        call, count = 0, 0
        while count < wanted:
            call += 1
            status = self.wait(self.start("commits", 0, program=self.faulty, fault=f"kill:{call}"))
            if status == -signal.SIGKILL:
                self.note("write of a commit")
                count += 1
            elif status != 0:
                raise Failure(f"write {call}: the run ended with {status}")
            self.check_store("commits")
            self.check_nothing_left("commits")
            if status == 0:
                self.check_end("commits")
                call = 0
        self.finish("commits", 0)

    def fail_disk(self, kind, words):
        directory = "disk_" + kind
        status = self.wait(self.start(directory, 3, program=self.faulty, fault=f"{kind}:30"))
        self.note("disk " + kind)
        if status != 1 or words not in pathlib.Path(self.work, "output").read_text():
            raise Failure(f"disk {kind}: the run ended with {status} and did not say '{words}'")
        self.check_nothing_left(directory)
        self.check_store(directory)
        self.finish(directory)

    # ---- all of it

    def run(self, short, only):
        def count(whole, part):
            return part if short else whole
        if self.wait(self.start("reference", 0)) != 0:
            raise Failure("the undisturbed run failed")
        self.reference = self.tables("reference")
        steps = [
            ("writes of a commit", lambda: self.kill_commits(count(60, 12))),
            ("kill of a compute child", lambda: self.disturb_children("kill of a child", self.send(signal.SIGKILL), 0.15, count(70, 5))),
            ("crash of a task", lambda: self.disturb_children("crash of a task", self.send(signal.SIGSEGV), 0.15, count(30, 3))),
            ("hang of a task", lambda: self.disturb_children("hang of a task", self.send(signal.SIGSTOP), 0.5, count(8, 1), "--task-limit", "2")),
            ("lack of memory", lambda: self.disturb_children("lack of memory", self.starve, 0.25, count(20, 3))),
            ("kill of a worker rank", lambda: self.kill_campaigns("kill of a rank", self.rank(-1), signal.SIGKILL, count(10, 1), None)),
            ("kill of the master", lambda: self.kill_campaigns("kill of the master", self.rank(0), signal.SIGKILL, count(10, 1), None)),
            ("kill of mpirun", lambda: self.kill_campaigns("kill of mpirun", self.busy_mpirun, signal.SIGKILL, count(12, 1), None)),
            ("kill of a fork server", lambda: self.kill_campaigns("kill of a fork server", self.one_server, signal.SIGKILL, count(10, 2), {0})),
            ("kill of all fork servers", lambda: self.kill_campaigns("kill of all fork servers", self.all_servers, signal.SIGKILL, count(6, 1), {0, 1, 75})),
            ("kill of the only fork server", lambda: self.kill_campaigns("kill of the only fork server", self.all_servers, signal.SIGKILL, count(10, 2), {0, 1, 75}, 0)),
            # It costs the twenty seconds after which a fork server counts as gone.
            *([] if short else [("stop of a fork server", lambda: self.kill_campaigns("stop of a fork server", self.one_server, signal.SIGSTOP, 4, {0, 75}))]),
            ("kill of a lone process", lambda: self.kill_campaigns("kill of a lone process", lambda pid: pid, signal.SIGKILL, count(6, 1), None, 0)),
            ("stop of a rank", lambda: self.stop_ranks(count(4, 1))),
            ("lock from outside", lambda: self.lock_from_outside(4, None)),
            ("lock past the deadline", lambda: self.lock_from_outside(None, 2)),
            ("removal of the run directory", lambda: self.remove_directory("removal of the directory", shutil.rmtree)),
            ("removal of the store", lambda: self.remove_directory("removal of the store", lambda path: os.remove(os.path.join(path, "store.sqlite")))),
            ("TERM to mpirun", lambda: self.kill_campaigns("TERM", lambda pid: pid, signal.SIGTERM, count(8, 1), None)),
            ("USR1 to mpirun", lambda: self.kill_campaigns("USR1", lambda pid: pid, signal.SIGUSR1, count(8, 1), {0, 75})),
            ("full disk", lambda: self.fail_disk("full", "the disk or the quota is full")),
            ("vanished file system", lambda: self.fail_disk("gone", "the disk under the store failed")),
            ("replacement of the data", self.replace_data),
        ]
        for name, step in steps:
            if only and only not in name:
                continue
            began = time.time()
            step()
            print(f"{name}: as without ({time.time() - began:.0f} s)", flush=True)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--short", action="store_true")
parser.add_argument("--only", default="")
parser.add_argument("fieldscan")
parser.add_argument("fieldscan_faults")
arguments = parser.parse_args()
matrix = Matrix(arguments)
try:
    matrix.run(arguments.short, arguments.only)
except (Failure, subprocess.CalledProcessError) as failure:
    print(f"FAILED: {failure} (files in {matrix.work})", file=sys.stderr)
    sys.exit(1)
finally:
    for pid in matrix.processes():
        os.kill(pid, signal.SIGKILL)
for kind, number in matrix.kills.items():
    print(f"  {kind}: {number}")
total = sum(matrix.kills.values())
print(f"{total} disturbances, nothing lost, nothing twice, nothing left")
shutil.rmtree(matrix.work)
if not arguments.only and total < (30 if arguments.short else 200):
    sys.exit("too few")
