"""Seccomp by hand: after `restrict`, this process has no sockets, starts nothing and signals nobody.

Landlock guards what is opened; this guards what Landlock cannot see: sockets of every kind, new processes,
other processes' memory, modes and owners of files, and the rarely used corners of the kernel.
"""

from __future__ import annotations

import ctypes
import errno
import platform

PR_SET_SECCOMP = 22
MODE_FILTER = 2
ALLOW = 0x7FFF0000
REFUSE = 0x00050000  # plus an errno
CLONE_THREAD = 0x00010000
OFFSET_NUMBER, OFFSET_ARCH, OFFSET_FIRST_ARGUMENT = 0, 4, 16
X32_BIT = 0x40000000

LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
JUMP_IF_EQUAL, JUMP_IF_SET, JUMP_IF_AT_LEAST = 0x15, 0x45, 0x35
RETURN = 0x06

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435

# name: its number on x86_64, on aarch64 (None: not there)
REFUSED: dict[str, tuple[int, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "kcmp": (312, 272),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "removexattrat": (466, 466),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "swapon": (167, 224),
    "reboot": (169, 142),
}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def restrict(libc: ctypes.CDLL) -> bool:
    """True if the filter holds. Needs no_new_privs; threads started later inherit it."""
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        return False
    steps = _filter(machine)
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    return bool(libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(machine: str) -> list[_Step]:
    """The program. A jump's `yes` and `no` count the steps to leave out."""
    refuse = _Step(RETURN, 0, 0, REFUSE | errno.EPERM)
    steps = [
        _Step(LOAD, 0, 0, OFFSET_ARCH),
        _Step(JUMP_IF_EQUAL, 1, 0, ARCHITECTURES[machine]),
        refuse,
        _Step(LOAD, 0, 0, OFFSET_NUMBER),
        _Step(JUMP_IF_AT_LEAST, 0, 1, X32_BIT),
        refuse,
        # Where there is no clone3, the C library falls back to clone, whose flags can be looked at.
        _Step(JUMP_IF_EQUAL, 0, 1, CLONE3),
        _Step(RETURN, 0, 0, REFUSE | errno.ENOSYS),
    ]
    for number in _numbers(machine):
        steps += [_Step(JUMP_IF_EQUAL, 0, 1, number), refuse]
    return [
        *steps,
        _Step(JUMP_IF_EQUAL, 0, 3, CLONE[machine]),
        _Step(LOAD, 0, 0, OFFSET_FIRST_ARGUMENT),
        _Step(JUMP_IF_SET, 1, 0, CLONE_THREAD),
        refuse,
        _Step(RETURN, 0, 0, ALLOW),
    ]


def _numbers(machine: str) -> list[int]:
    column = 0 if machine == "x86_64" else 1
    return [number for both in REFUSED.values() if (number := both[column]) is not None]
