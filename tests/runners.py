#!/usr/bin/python3
"""Beyond one machine: the same bytes as one run, by Dask with a worker killed, by an array job of Slurm, and in a pipe as Spark and Hadoop
have it."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from tap import RELEASE, ROOT, finish, ok, skip

RUNNERS = os.path.join(ROOT, "src", "runners")
SHARDS, ARTICLES = 9, 1500
PROSE = "Mayor Ada Quill of Port Wendle said on Monday that harbour number %d was shut. \"We will mend it,\" she said. "


def read(path):
    with open(path, "rb") as file:
        return file.read()


def articles(shard):
    """Every 97th is broken; in the last shard all are."""
    for i in range(ARTICLES):
        yield "{\n" if i % 97 == 5 or shard == SHARDS - 1 else json.dumps({"id": "%d-%d" % (shard, i), "text": PROSE % i * 6}) + "\n"


def make():
    """Folders and files, of which one is compressed, and what one run makes of them."""
    os.makedirs("in/b/c")
    os.makedirs("in/.hidden")
    places = ["in/a.jsonl", "in/b.jsonl", "in/b/1.jsonl", "in/b/c/2.jsonl", "in/b/d.jsonl", "in/b-c.jsonl", "in/z.jsonl", "in/.hidden/x.jsonl", "last.jsonl"]
    for number, place in enumerate(places):
        with open(place, "w") as file:
            file.writelines(articles(number))
    subprocess.run(["gzip", "in/z.jsonl"], check=True)
    os.symlink("../b", "in/b/round")
    os.symlink("nowhere", "in/b/lost.jsonl")
    os.symlink("1.jsonl", "in/b/same.jsonl")
    with open("in/name\nof two lines.jsonl", "w") as file:
        file.writelines(articles(1))
    status = subprocess.run([RELEASE, "extract", "-q", "-o", "whole.jsonl", "--errors", "whole.errors", "in", "last.jsonl"]).returncode
    ok(status == 1 and read("whole.jsonl").count(b"\n") > 5000, "one run over all", status)


def same(what, output, errors, reason=""):
    ok(read(output) == read("whole.jsonl"), what + ": the same bytes as one run", reason)
    ok(read(errors) == read("whole.errors"), what + ": and the same list of failures", reason)


# ---- Dask

def worker_of(runner):
    """The process of a worker that has the program at work: the parent of a process that is called onrecord, and child of the runner's."""
    parents, names = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        parents[int(pid)], names[int(pid)] = int(rest.split()[1]), name
    for pid, name in names.items():
        above = parents[pid]
        if name == "onrecord" and above != runner and (parents.get(above) == runner or parents.get(parents.get(above)) == runner):
            return above
    return None


def look_at_dask():
    if subprocess.run(["/usr/bin/python3", "-c", "import distributed"], stderr=subprocess.DEVNULL).returncode:
        return skip("Dask", "python3-distributed is not there")
    command = ["/usr/bin/python3", RUNNERS + "/on_dask.py", "-o", "dask.jsonl", "--errors", "dask.errors", "--workers", "3", "--shard-size", "1",
               "--onrecord", RELEASE, "in", "last.jsonl"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    killed = None
    while killed is None and running.poll() is None:
        killed = worker_of(running.pid)
    if killed:
        os.kill(killed, signal.SIGKILL)
    said = running.communicate(timeout=180)[0].decode()
    ok(killed is not None and running.returncode == 1, "Dask: three workers, and one was killed at work", (killed, running.returncode, said[-2000:]))
    same("Dask, a worker killed", "dask.jsonl", "dask.errors", said[-2000:])
    ok(not os.path.exists("dask.jsonl.parts"), "Dask: nothing else is left behind")

    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and not (os.path.exists("dask.jsonl.parts") and any(n.endswith(".jsonl") for n in os.listdir("dask.jsonl.parts"))):
        time.sleep(0.01)
    running.kill()
    running.wait()
    done = [name for name in os.listdir("dask.jsonl.parts") if name.endswith(".jsonl")]
    times = {name: os.stat("dask.jsonl.parts/" + name).st_mtime_ns for name in done}
    status = subprocess.run(command + ["--", "--no-such-option"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    ok(status.returncode == 2 and b"no-such-option" in status.stderr, "Dask: what is wrong in a shard is said", (status.returncode, status.stderr[-500:]))
    ok(done and all(os.stat("dask.jsonl.parts/" + name).st_mtime_ns == at for name, at in times.items()), "Dask: parts that are done stay")
    status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    same("Dask, begun again", "dask.jsonl", "dask.errors", status)


# ---- Slurm

def task(number, count, *options):
    """As Slurm runs one task of an array: the script from a spool of its own, the numbers in the environment."""
    shutil.copy(RUNNERS + "/on_slurm.sh", "spool.sh")
    return subprocess.Popen(["bash", os.path.abspath("spool.sh"), "slurm", "in", "last.jsonl", *options], stderr=subprocess.PIPE,
                            env=dict(os.environ, ONRECORD=RELEASE, SLURM_ARRAY_TASK_ID=str(number), SLURM_ARRAY_TASK_COUNT=str(count),
                                     SLURM_ARRAY_TASK_MIN="1", SLURM_CPUS_PER_TASK="1"), start_new_session=True)


def look_at_slurm(count):
    shutil.rmtree("slurm", ignore_errors=True)
    cut = task(1, count)
    time.sleep(0.3)
    os.killpg(cut.pid, signal.SIGKILL)  # as Slurm ends a task that is out of time
    cut.wait()
    statuses = []
    for number in range(1, count + 1):
        one = task(number, count)
        statuses.append((one.wait(), one.stderr.read()))
    subprocess.run("cat slurm/*.jsonl > slurm.jsonl; cat slurm/*.errors > slurm.errors", shell=True, check=True)
    ok(all(status == 0 for status, _ in statuses), "Slurm: an array of %d tasks, of which one was killed and put back" % count, statuses)
    same("Slurm, %d tasks" % count, "slurm.jsonl", "slurm.errors")
    wrong = task(count, count, "--", "--no-such-option")
    ok(wrong.wait() == 2, "Slurm: a task that can do nothing fails")


SLURM = """ClusterName=t
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthInfo=socket={here}/munge.sock
StateSaveLocation={here}/state
SlurmdSpoolDir={here}/spool
SlurmctldPidFile={here}/slurmctld.pid
SlurmdPidFile={here}/slurmd.pid
SlurmctldLogFile={here}/slurmctld.log
SlurmdLogFile={here}/slurmd.log
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=batch_sched_delay=0
SelectType=select/cons_tres
NodeName={host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=p Nodes={host} Default=YES OverSubscribe=YES
"""


def free_ports():
    sockets = [socket.socket() for _ in range(2)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start_slurm(here):
    """A cluster of one node: munge's daemon, the controller and the node's."""
    os.makedirs(here + "/state")
    os.mkdir(here + "/spool")
    with open(here + "/slurm.conf", "w") as file:
        file.write(SLURM.format(host=socket.gethostname().split(".")[0], here=here, ports=free_ports()))
    with open(here + "/munge.key", "wb") as file:
        file.write(os.urandom(1024))
    os.chmod(here + "/munge.key", 0o600)
    os.environ["SLURM_CONF"] = here + "/slurm.conf"
    munge = [
        "munged", "--force", "--key-file=%s/munge.key" % here, "--socket=%s/munge.sock" % here, "--pid-file=%s/munged.pid" % here,
        "--log-file=%s/munged.log" % here, "--seed-file=%s/munged.seed" % here]
    return all(subprocess.run(one, stderr=subprocess.DEVNULL).returncode == 0 for one in (munge, ["slurmctld"], ["slurmd"]))


def stop_slurm(here):
    for name in ("slurmd", "slurmctld", "munged"):
        try:
            pid = int(read("%s/%s.pid" % (here, name)))
            os.kill(pid, signal.SIGTERM)
            for _ in range(100):
                os.kill(pid, 0)
                time.sleep(0.1)
        except (OSError, ValueError):  # it has ended, or never began
            pass


def look_at_real_slurm():
    name = "Slurm's own daemons: an array of 5 tasks"
    if os.getuid() != 0 or not all(shutil.which(program) for program in ("munged", "slurmctld", "slurmd", "sbatch")):
        return skip(name, "munge, slurmctld, slurmd and slurm-client are not there, or this is not root")
    here = os.path.abspath("cluster")
    os.chmod(".", 0o755)  # munge wants its socket where all can go
    try:
        if not start_slurm(here):
            return skip(name, "the daemons do not start here")
        shutil.rmtree("slurm", ignore_errors=True)
        done = subprocess.run(["sbatch", "--wait", "--array=3-7", "--requeue", "--output=" + here + "/%a.log", RUNNERS + "/on_slurm.sh", "slurm", "in", "last.jsonl"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, env=dict(os.environ, ONRECORD=RELEASE))
        subprocess.run("cat slurm/*.jsonl > slurm.jsonl; cat slurm/*.errors > slurm.errors", shell=True)
        ok(done.returncode == 0 and len(os.listdir("slurm")) == 10, name, (done.stdout, os.listdir("slurm")))
        same("Slurm's own daemons", "slurm.jsonl", "slurm.errors")
    finally:
        stop_slurm(here)


# ---- lines in, lines out

PIPE = "%s extract -q -j1 --format jsonl - || test $? = 1"


def look_at_pipe():
    """As Spark's pipe and Hadoop's streaming do: a process for each partition, lines to its standard input, lines from its standard output,
    and any exit status but 0 fails the task."""
    documented = [line.strip() for line in open(RUNNERS + "/README.md") if "onrecord extract" in line and "|| test" in line]
    ok(len(documented) >= 2 and all(PIPE % "onrecord" in line for line in documented), "pipe: what is documented is what is tried here", documented)
    lines = [line for line in read("in/a.jsonl").splitlines(True)]
    single = subprocess.run([RELEASE, "extract", "-q", "-j1", "--format", "jsonl", "-"], stdin=open("in/a.jsonl"), stdout=subprocess.PIPE).stdout
    bounds = [0, 0, 1, 5, 6, 700, 701, len(lines)]  # an empty partition; one that holds a broken line alone
    out, statuses = b"", []
    for start, end in zip(bounds, bounds[1:]):
        done = subprocess.run(["sh", "-c", PIPE % RELEASE], input=b"".join(lines[start:end]), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out += done.stdout
        statuses.append(done.returncode)
    ok(lines[5] == b"{\n" and not any(statuses), "pipe: a broken line, or an empty partition, fails no task", statuses)
    ok(out == single, "pipe: the partitions together are the same bytes as one run")
    ok(all(b"\t" not in line for line in out.splitlines()), "pipe: no tab in a line, which streaming would take for the end of a key")
    stopped = subprocess.run(["sh", "-c", (PIPE % RELEASE).replace("-q", "--no-such-option")], input=b"", stderr=subprocess.PIPE).returncode
    ok(stopped != 0, "pipe: what cannot run fails its task")
    first = subprocess.Popen(["sh", "-c", PIPE % RELEASE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    first.stdin.write(lines[0])
    first.stdin.flush()
    ok(first.stdout.readline().startswith(b'{"schema"'), "pipe: a line is answered before the next one is sent")
    first.stdin.close()
    first.wait()


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make()
        look_at_pipe()
        look_at_slurm(4)
        look_at_slurm(17)
        look_at_real_slurm()
        look_at_dask()
        os.chdir("/")


main()
finish()
