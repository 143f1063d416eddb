"""Runs one function of a task. Started warm; waits on fd 3 for its job and answers there.

Started with the argument `many` it never runs a job itself: it forks for each one, and stays as it was.
"""

import importlib.util
import json
import os
import posixpath
import resource
import shutil
import signal
import struct
import sys
import threading
import time
import traceback

CONTROL = 3
MAX_TEXT = 16384


class TaskCancelled(BaseException):
    """Raised in the main thread when the attempt is cancelled or out of time, so that `finally` blocks run."""


class Log:
    def debug(self, message, facts=None):
        self._print(sys.stdout, "debug: ", message, facts)

    def info(self, message, facts=None):
        self._print(sys.stdout, "", message, facts)

    def warn(self, message, facts=None):
        self._print(sys.stderr, "warning: ", message, facts)

    warning = warn

    def error(self, message, facts=None):
        self._print(sys.stderr, "error: ", message, facts)

    @staticmethod
    def _print(stream, label, message, facts):
        tail = "" if facts is None else " " + json.dumps(facts, ensure_ascii=False, default=str)
        print(f"{label}{message}{tail}", file=stream, flush=True)


class Connection(dict):
    """A declared connection: its fields as attributes and as items."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the connection has no field {name!r}; it has {', '.join(self)}") from None


class Context:
    def __init__(self, job):
        context = job["context"]
        self.run = dict(context.get("run") or {}, id=context["runId"])
        self.task = {"id": context["taskId"]}
        self.map_index = context["mapIndex"]
        self.attempt = context["attempt"]
        # `try` is a keyword in Python.
        self.try_number = context.get("try") or 1
        self.params = json.loads(context.get("paramsJson") or "{}")
        self.secrets = dict(job["secrets"])
        self.connections = {name: Connection(entry) for name, entry in job["connections"].items()}
        self.log = Log()
        self.cancelled = threading.Event()
        self._artifacts = job["artifacts"]
        self._types = {}

    def artifact(self, name, data=None, path=None, content_type=None):
        """Keeps `data` (text or bytes) or the file at `path` as an artifact of the attempt."""
        clean = posixpath.normpath(name)
        if not name or "\\" in name or clean.startswith("/") or ".." in clean.split("/"):
            raise ValueError(f"{name!r} is not an artifact name: use a relative path with forward slashes")
        if (data is None) == (path is None):
            raise TypeError("artifact() needs either data or path")
        target = os.path.join(self._artifacts, clean)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if path is not None:
            shutil.copyfile(path, target)
        else:
            with open(target, "wb") as file:
                file.write(data.encode("utf-8") if isinstance(data, str) else data)
        if content_type is not None:
            self._types[clean] = content_type


class ProgramError(Exception):
    retryable = False

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def read_exactly(count):
    parts = []
    while count > 0:
        part = os.read(CONTROL, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_job(prefix):
    header, body = struct.unpack(">II", prefix)
    return json.loads(read_exactly(header)), read_exactly(body)


def write_all(data):
    view = memoryview(data)
    while view:
        view = view[os.write(CONTROL, view) :]


def answer(header, body=b""):
    usage = resource.getrusage(resource.RUSAGE_SELF)
    header["peakRssBytes"] = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    text = json.dumps(header).encode("utf-8")
    write_all(struct.pack(">II", len(text), len(body)) + text)
    write_all(body)


def bounded(text):
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text)} characters)"


def describe(error):
    kind = type(error)
    name = kind.__name__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    frames = traceback.TracebackException.from_exception(error)
    # The frames of this file say nothing about the task.
    frames.stack = traceback.StackSummary.from_list([f for f in frames.stack if f.filename != __file__])
    described = {
        "name": bounded(name),
        "message": bounded(str(error) or name),
        "stack": bounded("".join(frames.format())),
    }
    retryable = getattr(error, "retryable", None)
    if isinstance(retryable, bool):
        described["retryable"] = retryable
    code = getattr(error, "code", None)
    if isinstance(error, MemoryError):
        described["code"] = "oom"
    elif isinstance(error, OSError) and error.errno is not None:
        import errno

        described["code"] = errno.errorcode.get(error.errno, str(error.errno))
    elif isinstance(code, str):
        described["code"] = bounded(code)
    return described


def load(entry):
    spec = importlib.util.spec_from_file_location("task", entry)
    if spec is None or spec.loader is None:
        raise ProgramError("task.no_file", f"{entry} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    # Pickling, dataclasses and typing look a module up by its name.
    sys.modules["task"] = module
    spec.loader.exec_module(module)
    return module


def to_json(value):
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise ProgramError("output.not_json", f"the task's result is not JSON: {error}") from None


def limit_memory(limit):
    # Room for the interpreter itself beside what the task may use.
    limit += 32 * 1024 * 1024
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    except (OSError, ValueError):
        pass


def run(job, body):
    os.environ.update(job["env"])
    for path in reversed(job["paths"]):
        sys.path.insert(0, path)
    sys.path.insert(0, os.path.dirname(job["entry"]))
    if job["pip"] is not None:
        # Packages may bring .pth files, namespace packages among them.
        import site

        site.addsitedir(job["pip"])
    if sys.platform == "linux":
        limit_memory(job["memoryBytes"])
    context = Context(job)

    def on_term(_number, _frame):
        context.cancelled.set()
        raise TaskCancelled("the attempt was stopped")

    signal.signal(signal.SIGTERM, on_term)
    data = json.loads(body)
    module = load(job["entry"])
    function = getattr(module, job["function"], None)
    if not callable(function):
        names = sorted(name for name, value in vars(module).items() if callable(value) and not name.startswith("_"))
        raise ProgramError(
            "task.no_export",
            f"{job['entry']} has no function {job['function']!r}; it has {', '.join(names) or 'none'}",
        )
    result = function(data, context)
    if hasattr(result, "__await__"):
        import asyncio

        async def settle():
            return await result

        result = asyncio.run(settle())
    text = to_json(result)
    if len(text) > job["outputBytes"]:
        error = ProgramError(
            "output_too_large", f"the output has {len(text)} bytes; the limit is {job['outputBytes']}"
        )
        raise error
    return context, text


def main():
    sys.stdout.reconfigure(line_buffering=True)
    # Children of the task must not hold the channel.
    os.set_inheritable(CONTROL, False)
    if sys.argv[1:] == ["many"]:
        serve()
    else:
        perform(read_exactly(8))


def serve():
    # Every process inside gets the signal; it is meant for the job.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        # No more than the lengths: the job itself, with its secrets, is never in this process.
        prefix = read_exactly(8)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            perform(prefix)
        _, status = os.waitpid(child, 0)
        exited = {"code": None, "signal": None}
        if os.WIFSIGNALED(status):
            exited["signal"] = signal.Signals(os.WTERMSIG(status)).name
        else:
            exited["code"] = os.WEXITSTATUS(status)
        text = json.dumps({"exited": exited}).encode("utf-8")
        write_all(struct.pack(">II", len(text), 0) + text)


def perform(prefix):
    job, body = read_job(prefix)
    own = os.getpid()
    try:
        context, text = run(job, body)
    except SystemExit as stop:
        flush()
        code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        if os.getpid() != own:
            os._exit(code & 0xFF)
        if code == 0:
            answer({"ok": True}, b"null")
        else:
            message = str(stop.code) if isinstance(stop.code, str) else f"the code called sys.exit({code})"
            answer({"ok": False, "exitCode": code, "error": {"name": "SystemExit", "message": bounded(message)}})
    except BaseException as error:  # noqa: BLE001 - whatever the task raised is its result
        described = describe(error)
        del error
        flush()
        print(described.get("stack", ""), file=sys.stderr, end="", flush=True)
        if os.getpid() != own:
            # A forked child came back through here: the answer is its parent's to give.
            os._exit(1)
        answer({"ok": False, "error": described})
    else:
        flush()
        if os.getpid() != own:
            os._exit(0)
        answer({"ok": True, "artifactTypes": context._types}, text)
    # Threads that the task left behind do not hold up the answer.
    os._exit(0)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass


main()
