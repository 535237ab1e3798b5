"""What a table of measurements was taken on."""
import os
import pathlib
import platform


def field(file, name):
    for line in pathlib.Path(file).read_text().splitlines():
        if line.startswith(name) and ":" in line:
            return line.split(":", 1)[1].strip()
    return "unknown"


def instruction_set():
    flags = field("/proc/cpuinfo", "flags").split()
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "below AVX2"


def description():
    family = ", ".join(f"{name} {field('/proc/cpuinfo', name)}" for name in ("cpu family", "model\t"))
    return {
        "processor": f"{field('/proc/cpuinfo', 'model name')} ({family.replace(chr(9), '')}), {instruction_set()}",
        "cores": f"{os.cpu_count()}, one of them used; load of the machine before {os.getloadavg()[0]:.1f}",
        "memory": field("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }
