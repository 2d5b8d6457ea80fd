"""What is measured, and what it takes to have it: packages, builds, programs that answer jobs."""
import atexit
import os
import pathlib
import queue
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".cache" / "bench"
REFERENCE_BANDWIDTH = 13.0  # GB/s, the machine that the targets are written for

ENGINES = {"hyperscan": ("libhyperscan5", "libhyperscan-dev"),
           "vectorscan": ("libvectorscan5", "libvectorscan-dev")}
COMMANDS = {"g++": "g++", "rg": "ripgrep", "grep": "grep"}
HEADERS = {"pcre2.h": "libpcre2-dev", "yara.h": "libyara-dev", "re2/set.h": "libre2-dev", "simdjson.h": "libsimdjson-dev"}
LIBRARIES = ["presidio-analyzer==2.2.366", "yara-x==1.23.0", "detect-secrets==1.5.0", "kingfisher-bin==2.14.0"]


def say(words):
    print(words, file=sys.stderr, flush=True)


class LeftOut:
    """Who is left out and why: said at once, and on the page below what is printed next."""

    def __init__(self):
        self.known, self.unprinted = set(), []

    def add(self, name, reason):
        line = f"{name}: {reason}"
        if line not in self.known:
            self.known.add(line)
            self.unprinted.append(line)
            say("bench: left out: " + line)

    def take(self):
        """The words for what was left out since this was asked last; empty for nothing."""
        lines, self.unprinted = self.unprinted, []
        return "\nLeft out: " + "; ".join(lines) + ".\n" if lines else ""

    def print(self):
        print(self.take(), end="")


left_out = LeftOut()


# MARK: Preparing

def install():
    """Debian packages that are missing; the two that exclude each other are only unpacked."""
    missing = [name for command, name in COMMANDS.items() if not shutil.which(command)]
    missing += [name for header, name in HEADERS.items()
                if not pathlib.Path("/usr/include", header).exists()]
    unpacked = [name for name in ENGINES if not (CACHE / name / "usr").exists()]
    if not missing and not unpacked:
        return
    if not shutil.which("apt-get"):
        say("bench: not a Debian system; peers that are not installed are left out")
        return
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    if missing:
        say("bench: installing " + " ".join(missing))
        subprocess.run(sudo + ["apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
        subprocess.run(sudo + ["apt-get", "install", "-qy", "--no-install-recommends"] + missing,
                       stdout=subprocess.DEVNULL, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
    for name in unpacked:
        folder = CACHE / (name + ".deb")
        folder.mkdir(parents=True, exist_ok=True)
        for package in ENGINES[name]:
            subprocess.run(["apt-get", "download", "-q", package], cwd=folder,
                           stdout=subprocess.DEVNULL)
        packages = sorted(folder.glob("*.deb"))
        if len(packages) < len(ENGINES[name]):
            left_out.add(name, "no package for this system")
            continue
        for package in packages:
            subprocess.run(["dpkg-deb", "-x", package, CACHE / name], check=True)


def python():
    """A Python with the peers that PyPI has, or `None`; its first installation takes a minute."""
    folder = CACHE / "python"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != str(LIBRARIES):
        say("bench: installing " + " ".join(LIBRARIES))
        shutil.rmtree(folder, ignore_errors=True)
        done = subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True, text=True)
        if not done.returncode:
            done = subprocess.run([folder / "bin" / "pip", "install", "-q", "--disable-pip-version-check", *LIBRARIES],
                                  capture_output=True, text=True)
        if done.returncode:
            left_out.add("the peers of PyPI", (done.stderr.strip().splitlines() or ["no pip"])[-1])
            return None
        stamp.write_text(str(LIBRARIES))
    return folder / "bin" / "python"


def build(name, source, flags, libraries):
    """Compiles a peer; `None` where it cannot be."""
    binary = CACHE / ("peer-" + name)
    inputs = [HERE / "peers" / source, HERE / "peers" / "peer.h"]
    if binary.exists() and all(binary.stat().st_mtime > i.stat().st_mtime for i in inputs):
        return binary
    command = ["g++", "-std=c++17", "-O3", "-march=native", *flags, str(inputs[0]), "-o",
               str(binary), *libraries]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        left_out.add(name, (done.stderr.strip().splitlines() or ["no compiler"])[0])
        return None
    return binary


def build_peers():
    peers = {"read": build("read", "read.cc", [], ["-lsimdjson"]),
             "re2": build("re2", "re2.cc", [], ["-lre2", "-lpthread"]),
             "pcre2": build("pcre2", "pcre2.cc", [], ["-lpcre2-8"]),
             "yara": build("yara", "yara.cc", [], ["-lyara"])}
    for name in ENGINES:
        libraries = sorted((CACHE / name).glob("usr/lib/*/libhs.so*"))
        if libraries:
            folder = libraries[0].parent
            headers = next((CACHE / name).glob("usr/include/hs"), CACHE)
            peers[name] = build(name, "hyperscan.cc", [f"-I{headers}"],
                                [f"-L{folder}", f"-Wl,-rpath,{folder}", "-lhs"])
    return {name: path for name, path in peers.items() if path}


def build_vigie():
    say("bench: building vigie-bench (release)")
    # Shown only when it fails: the compiler's own words are the reason.
    done = subprocess.run(["swift", "build", "-c", "release", "--product", "vigie-bench"], cwd=ROOT,
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    where = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.strip()
    return pathlib.Path(where)


# MARK: Measuring

class Program:
    """A program that answers jobs over lines, one at a time. One that is late or dies is ended for good."""

    def __init__(self, command, patience, kernel=None):
        self.patience, self.rules, self.failure, self.kernel = patience, "", "", ""
        self.errors = tempfile.TemporaryFile("w+")
        environment = dict(os.environ, VIGIE_KERNEL=kernel) if kernel else None
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, env=environment,
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True)
        atexit.register(self.process.kill)  # however this ends: a compiler would go on for minutes
        self.lines = queue.Queue()
        # Reads in a thread of its own, because a line of a pipe cannot be waited for with a time limit.
        threading.Thread(target=self.listen, daemon=True).start()
        self.get_ready()

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def get_ready(self):
        deadline = time.monotonic() + self.patience
        while not (line := self.line(deadline, "start-up")).startswith("ready"):
            if line.startswith("kernel "):
                self.kernel = line.split()[1].replace("portable", "swift")
            if line.startswith("rules "):
                taken, refused = line.split()[1:]
                self.rules = f"{taken} expressions" + (f", {refused} not accepted" if refused != "0" else "")
        self.preparation = processor_time(self.process.pid)

    def line(self, deadline, doing):
        try:
            line = self.lines.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty:
            self.fail(f"{doing} took more than {self.patience:g} s (--patience)")
        return line or self.fail(f"ended during {doing}" + self.last_words())

    def last_words(self):
        self.process.wait()
        self.errors.seek(0)
        said = self.errors.read().strip().splitlines()
        return f" ({said[-1]})" if said else f" (exit code {self.process.returncode})"

    def fail(self, reason):
        self.failure = reason
        self.process.kill()
        self.process.wait()
        raise OSError(reason)

    def ask(self, job):
        if self.failure:
            raise OSError(self.failure)
        try:
            self.process.stdin.write(job + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its end is read below
        answer = self.line(time.monotonic() + self.patience, job).split()
        if answer[:1] != job.split()[:1]:
            self.fail("no answer to " + job)
        return answer[1:]

    def measure(self, job):
        """Seconds of this program's own processor time, bytes and hits."""
        try:
            nanoseconds, count, _, hits = map(int, self.ask(job))
        except ValueError:
            self.fail("half an answer to " + job)
        return nanoseconds / 1e9, count, hits


def processor_time(process):
    """Seconds of processor time that a process has used so far."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Command:
    """A command on a file, less the time it takes on an empty one: its start, and getting its rules ready."""

    SAMPLE = 8192

    def __init__(self, command, text, patience, rules="", codes=(0, 1)):
        self.command, self.text, self.patience, self.rules, self.codes = command, text, patience, rules, codes
        self.empty = CACHE / "empty.txt"
        self.empty.write_bytes(b"")
        self.preparation = self.run(self.empty)[0]
        self.check_pace()

    def check_pace(self):
        """Judges by a little text whether a round would take too long: far sooner than by waiting for it."""
        sample = CACHE / "sample.txt"
        with open(self.text, "rb") as file:
            sample.write_bytes(file.read(self.SAMPLE))
        rate = self.SAMPLE / max(self.run(sample)[0] - self.preparation, 1e-4)
        if self.text.stat().st_size / rate > self.patience:
            raise OSError(f"reads {rate / 1e3:,.1f} KB/s with {self.rules}, a round would take "
                          f"{self.text.stat().st_size / rate:,.0f} s (--patience)")

    def run(self, text):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            done = subprocess.run([*self.command, text], capture_output=True, text=True, timeout=self.patience,
                                  env=dict(os.environ, LC_ALL="C"))
        except subprocess.TimeoutExpired:
            raise OSError(f"took more than {self.patience:g} s (--patience)") from None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in self.codes:
            raise OSError((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200])
        hits = int(done.stdout) if done.stdout.strip().isdigit() else 0
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return spent, done.returncode, hits

    def measure(self, _):
        spent, _, hits = self.run(self.text)
        return max(spent - self.run(self.empty)[0], 1e-4), self.text.stat().st_size, hits


def accepted(command, expressions, file):
    """The expressions that a command takes: whole sets at first; what is refused is sought by halves."""
    def takes(part):
        file.write_text("".join(e + "\n" for e in part), encoding="utf-8")
        return subprocess.run([*command, "-f", file, os.devnull], capture_output=True).returncode < 2

    def search(part):
        if not part or takes(part):
            return part
        half = len(part) // 2
        return search(part[:half]) + search(part[half:]) if half else []
    kept = search([e for e in expressions if "\n" not in e])
    takes(kept)
    refused = len(expressions) - len(kept)
    return f"{len(kept)} expressions" + (f", {refused} not accepted" if refused else "")


def spread(values, digits=2):
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}…{max(values):,.{digits}f})"


def compare(contenders, rounds):
    """Runs every contender once a round, in turn; ratios are taken within a round.

    Who is late or dies in a round is left out of `contenders`; without Vigie there is nothing to compare.
    """
    measured = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, (program, job, *_) in list(contenders.items()):
            try:
                result = program.measure(job)
            except OSError as error:
                if name.startswith("Vigie"):
                    sys.exit(f"bench: {name}: {error}")
                left_out.add(name, error)
                del contenders[name]
                continue
            if number:  # the first round warms up
                measured[name].append(result)
    return measured
