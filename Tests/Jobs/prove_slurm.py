#!/usr/bin/env python3
"""Runs what `pastiche job slurm` prints on Slurm itself; README.md says how, and what it shows."""

import argparse, contextlib, ctypes, filecmp, getpass, json, os, pathlib, re, shutil, signal, socket, struct
import subprocess, sys, tempfile, time, zlib

package = pathlib.Path(__file__).resolve().parents[2]
PICTURES, SHARDS, NODES = 200, 8, ["node0", "node1"]
# What befalls some of the tasks once three of their pictures are done. The last has the array's own number.
FATES = {1: "program killed", 4: "requeued by hand", SHARDS - 1: "program killed"}

CONFIGURATION = """
ClusterName=proof
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=86400
{nodes}
PartitionName=all Nodes=ALL Default=YES
"""


def wait_until(what, seconds, condition, pause=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"not after {seconds} s: {what}")
        time.sleep(pause)


class Engine:
    """A controller and its nodes on the loopback, that keep all they have in a folder and end with this."""

    def __init__(self, folder):
        self.folder = folder
        for name in ["state"] + [f"spool-{node}" for node in NODES]:
            (folder / name).mkdir(parents=True)
        (folder / "munge.key").touch(0o600)
        (folder / "munge.key").write_bytes(os.urandom(128))
        with contextlib.ExitStack() as stack:
            sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in ["controller", *NODES]]
            ports = [each.getsockname()[1] for each in sockets]
        host = socket.gethostname().split(".")[0]
        nodes = "\n".join(
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=1000"
            for node, port in zip(NODES, ports[1:]))
        (folder / "slurm.conf").write_text(
            CONFIGURATION.format(host=host, ports=ports, user=getpass.getuser(), folder=folder, nodes=nodes))
        self.environment = {
            **os.environ, "SLURM_CONF": f"{folder}/slurm.conf", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
        self.prctl = ctypes.CDLL(None).prctl
        # Whatever leaves its parent is to be a child of this process, which ends it (PR_SET_CHILD_SUBREAPER).
        self.prctl(36, 1, 0, 0, 0)

    def start(self, name, *arguments):
        with open(self.folder / f"{name}.log", "wb") as log:
            # And a daemon ends where this process is killed (PR_SET_PDEATHSIG).
            subprocess.Popen(arguments, env=self.environment, stdout=log, stderr=log,
                             preexec_fn=lambda: self.prctl(1, signal.SIGTERM))

    def __enter__(self):
        own = [f"--{option}={self.folder}/munge.{option}" for option in ("socket", "pid-file", "seed-file")]
        self.start("munged", "munged", "-F", "--force", f"--key-file={self.folder}/munge.key", *own)
        wait_until("munged answers", 20, (self.folder / "munge.socket").exists)
        self.start("slurmctld", "slurmctld", "-D")
        for node in NODES:
            self.start(node, "slurmd", "-D", "-N", node)
        ready = f"{len(NODES)} idle"
        wait_until("the nodes are idle", 60, lambda: self.say("sinfo", "-h", "-o", "%D %T") == ready, pause=0.5)
        return self

    def __exit__(self, *_):
        children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children")
        while names := children.read_text().split():
            for name in names:
                os.kill(int(name), signal.SIGKILL)
            os.wait()

    def say(self, *arguments):
        ended = subprocess.run(arguments, env=self.environment, capture_output=True, text=True)
        return (ended.stdout or ended.stderr).strip()

    def tasks(self, job):
        """What Slurm knows of an array's tasks, by their numbers; nothing of those that it hasn't looked at yet."""
        blocks = self.say("scontrol", "show", "job", job).split("\n\n")
        tasks = [dict(re.findall(r"(\w+)=(\S+)", block)) for block in blocks]
        return {int(each["ArrayTaskId"]): each for each in tasks if each.get("ArrayTaskId", "").isdecimal()}

    def kill_program(self, task):
        """Kills the program that a task runs, not the script that runs it."""
        wanted = {f"SLURM_CONF={self.folder}/slurm.conf".encode(), f"SLURM_ARRAY_TASK_ID={task}".encode()}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "exe").readlink().name == "pastiche":
                    if wanted <= set((process / "environ").read_bytes().split(b"\0")):
                        return os.kill(int(process.name), signal.SIGKILL)
        raise SystemExit(f"task {task} ended before it was killed: take larger pictures")


def make_pictures(folder):
    """Small PNG pictures, no two alike, in some directories."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    width, height = 240, 160
    for number in range(PICTURES):
        rows = b"".join(
            b"\0" + bytes(value & 255 for x in range(width) for value in (x + number, y * 2, (x ^ y) * (number % 5 + 1)))
            for y in range(height))
        path = folder / f"{number % 3}" / f"it's $HOME {number:04}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def records(folder, task):
    """The records of a task's manifest, but for a last line that isn't whole."""
    path = folder / f"painted/.pastiche-manifest-{task}-of-{SHARDS}.jsonl"
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]] if path.exists() else []


def prove(pastiche, folder):
    """Returns what is wrong."""
    make_pictures(folder / "in")
    command = ["in/", "-r", "-m", "great-wave", "--models", str(package / "Models")]

    def run(*arguments, check=True):
        return subprocess.run([pastiche, *arguments], cwd=folder, check=check, capture_output=True, text=True).stdout

    def count(task):
        return run("stylize", *command, "--shard", f"{task}/{SHARDS}", "--dry-run", check=False).count(" -> ")

    start = time.monotonic()
    run("stylize", *command, "-o", "whole/")
    print(f"{PICTURES} pictures in one run: {time.monotonic() - start:.0f} s")
    command += ["-o", "painted/"]
    shares = [count(task) for task in range(SHARDS)]
    print("shares of", *shares)
    if sum(shares) != PICTURES or min(shares) < PICTURES / SHARDS / 3:
        return [f"{PICTURES} pictures are shared out as {shares}"]
    resources = ["--shards", f"{SHARDS}", "--cpus", "1", "--memory", "300M"]
    (folder / "job.sh").write_text(run("job", "slurm", *resources, "--", *command))
    fates, tasks = dict(FATES), {}
    with Engine(folder / "engine") as engine:
        start = time.monotonic()
        job = engine.say("sbatch", "--parsable", f"--output={folder}/task-%a.log", f"{folder}/job.sh")
        print(f"an array of {SHARDS} tasks on {len(NODES)} nodes: {engine.say('scontrol', '--version')}, job {job}")

        def befall():
            for task in [each for each in fates if len(records(folder, each)) >= 3]:
                if fates[task] == "program killed":
                    engine.kill_program(task)
                else:
                    engine.say("scontrol", "requeue", f"{job}_{task}")
                print(f"{time.monotonic() - start:4.0f} s  task {task}: {fates.pop(task)}", flush=True)
            return not fates

        def ended():
            tasks.update(engine.tasks(job))
            alive = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED"}
            return len(tasks) == SHARDS and not alive & {each["JobState"] for each in tasks.values()}

        wait_until("three pictures of each task that something is to befall", 300, befall)
        with contextlib.suppress(SystemExit):
            # Slurm itself waits for two minutes before it starts a task again.
            wait_until("all tasks end", 600, ended, pause=1)
        print(f"{time.monotonic() - start:4.0f} s  the array has ended")
    return faults(folder, tasks, json.loads(run("report", "painted", "--json")))


def faults(folder, tasks, report):
    painted, whole, wrong, done = folder / "painted", folder / "whole", [], []

    def check(is_right, words):
        if not is_right:
            wrong.append(words)

    print("\ntask  node   pictures  starts again  what befell it")
    for task in range(SHARDS):
        known, own, fate, log = tasks.get(task, {}), records(folder, task), FATES.get(task, ""), folder / f"task-{task}.log"
        print(f"{task:4}  {known.get('NodeList', '-'):5}  {len(own):8}  {known.get('Restarts', '-'):>12}  {fate}".rstrip())
        done += [each["output"] for each in own if each["outcome"] == "done"]
        check(known.get("JobState") == "COMPLETED" and known["ExitCode"] == "0:0", f"task {task}: Slurm has {known}")
        check(known.get("Restarts") == str(int(bool(fate))), f"task {task} was started again {known.get('Restarts')} times")
        words = log.read_text().count("the program was killed; to be tried again") if log.exists() else 0
        check(words == int("killed" in fate), f"task {task} said {words} times that its program was killed")
        runs = len({each["began"] for each in own})
        check(runs == 1 + bool(fate), f"task {task}: {runs} runs have painted")
    check({each.get("NodeList") for each in tasks.values()} == set(NODES), "a node had nothing to do")

    def files(at):
        return {str(path.relative_to(at)) for path in at.rglob("*") if path.is_file()}

    wanted, manifests = files(whole), {f".pastiche-manifest-{task}-of-{SHARDS}.jsonl" for task in range(SHARDS)}
    check(len(wanted) == PICTURES, f"one run painted {len(wanted)} pictures")
    missing, more = wanted - files(painted), files(painted) - wanted - manifests
    check(not missing and not more, f"missing: {sorted(missing)}; not of one run: {sorted(more)}")
    differing = [each for each in wanted - missing if not filecmp.cmp(whole / each, painted / each, shallow=False)]
    check(not differing, f"other bytes than from one run: {sorted(differing)}")
    check(len(done) == len(set(done)), f"painted twice: {sorted({each for each in done if done.count(each) > 1})}")
    # A kill may fall between a picture's last step and the record of it, and the next run leaves it as it is.
    unrecorded = wanted - set(done)
    if unrecorded:
        print(f"done, but killed ahead of the record: {sorted(unrecorded)}")
    check(len(unrecorded) <= len(FATES), f"in no manifest: {sorted(unrecorded)}")
    summary = report["done"], report["failed"], report["unreadable_lines"]
    check(summary == (PICTURES - len(unrecorded), 0, 0), f"pastiche report: {report}")
    print(f"pastiche report: {report['done']} done, {report['failed']} failed in {report['runs']} runs")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pastiche", nargs="?", default=package / ".build/release/pastiche", type=pathlib.Path)
    pastiche = parser.parse_args().pastiche.resolve()
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda *_: sys.exit("ended from outside"))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pastiche-slurm-"))
    try:
        wrong = prove(pastiche, folder)
    except SystemExit as reason:
        wrong = [str(reason)]
    except subprocess.CalledProcessError as ended:
        wrong = [f"{ended}: {ended.stderr}"]
    if wrong:
        sys.exit("\n".join(["", *wrong, f"what there is to look at: {folder}"]))
    shutil.rmtree(folder)
    print("all pictures are there, each once, with the bytes of one run")


if __name__ == "__main__":
    main()
