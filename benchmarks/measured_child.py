"""Runs a command and says, as the last line on stderr: CPU seconds, peak MiB, exit code."""

from __future__ import annotations

import resource
import subprocess
import sys

done = subprocess.run(sys.argv[1:], stdin=sys.stdin, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write(
    f"\n{used.ru_utime + used.ru_stime:.3f} {used.ru_maxrss // 1024} {done.returncode}"
)
