#!/usr/bin/python3
"""Run the Criterion units of a build (release or sanitize); its report is in the Test Anything Protocol already."""
import os
import subprocess
import sys

from tap import BUILD, ROOT

sys.exit(subprocess.run([os.path.join(BUILD, sys.argv[1], "units"), "--tap=-", "--timeout=120", "-j1"], cwd=ROOT,
                        stderr=subprocess.STDOUT).returncode)
