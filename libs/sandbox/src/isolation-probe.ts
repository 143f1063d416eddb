/**
 * For specs: asks the kernel for what a task must not have and prints the errno of each (0: granted). Run inside a
 * sandbox all of it must be refused; run without one, as root of a user namespace, it must be granted, or the probe
 * would prove nothing.
 */
export const kernelProbe = `
import ctypes, json, os, platform, socket

libc = ctypes.CDLL(None, use_errno=True)
arm = platform.machine() == "aarch64"


def call(x64, arm64, *arguments):
    ctypes.set_errno(0)
    whole = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = libc.syscall(ctypes.c_long(arm64 if arm else x64), *whole)
    return ctypes.get_errno() if result < 0 else 0


def attempt(action):
    try:
        action()
        return 0
    except OSError as error:
        return error.errno


def own_memory():
    source = ctypes.create_string_buffer(b"x")
    target = ctypes.create_string_buffer(1)

    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    local = Piece(ctypes.addressof(target), 1)
    remote = Piece(ctypes.addressof(source), 1)
    return call(310, 270, os.getpid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)


def in_child(action):
    """What changes the process itself is tried in a child, which tells by its exit code."""
    pid = os.fork()
    if pid == 0:
        os._exit(action())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def probe():
    parameters = ctypes.create_string_buffer(256)
    return {
        "raw_socket": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close()),
        "packet_socket": attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()),
        "ptrace": in_child(lambda: call(101, 117, 0, 0, 0, 0)),
        "process_vm_readv": own_memory(),
        "mount": in_child(lambda: call(165, 40, b"none", b"/tmp", b"tmpfs", 0, None)),
        "unshare_user": in_child(lambda: call(272, 97, 0x10000000)),
        "clone_user": in_child(lambda: call(272, 97, 0x00020000)),
        "chroot": in_child(lambda: call(161, 51, b"/tmp")),
        "setuid_root": in_child(lambda: attempt(lambda: os.setuid(0))),
        "add_key": call(248, 217, b"user", b"millrace-probe", b"x", 1, -2),
        "io_uring": call(425, 425, 4, parameters),
        "userfaultfd": call(323, 282, 1),
        "no_address_randomization": in_child(lambda: call(135, 92, 0x0040000)),
        "sethostname": in_child(lambda: call(170, 161, b"probe", 5)),
    }


def main(input, ctx):
    return probe()


if __name__ == "__main__":
    print(json.dumps(probe()))
`;
