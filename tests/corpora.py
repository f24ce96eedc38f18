#!/usr/bin/python3
"""What corpora/build.py writes from the annotated articles is what lies in corpora/."""
import sys

from tap import finish, ok, run

status, output, messages = run([sys.executable, "corpora/build.py", "--check"])
ok(status == 0, "corpora are built from their sources", output.decode("utf-8", "replace") + messages)
finish()
