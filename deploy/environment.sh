#!/bin/sh
# Make a Python environment in a folder, unless a working one is there.
# usage: environment.sh FOLDER [PYTHON]
set -eu

folder=$1
wanted=${2:-}

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if fits "$folder/bin/python" && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
for python in $wanted python3 python3.14 python3.13 python3.12 python3.11; do
    if fits "$python"; then
        break
    fi
    python=
done
if [ -z "${python:-}" ]; then
    echo "Python 3.11 or newer is needed, and none was found. Install it, or say where it is: make run PYTHON=/path/to/python3" >&2
    exit 1
fi
mkdir -p "$(dirname "$folder")"
if ! "$python" -m venv --clear "$folder" >"$folder.log" 2>&1; then
    if grep -q "No space left" "$folder.log"; then
        echo "The disk is full: there is no room for $folder. Free 500 MB and start again." >&2
    elif [ ! -w "$(dirname "$folder")" ]; then
        echo "The folder $(pwd) cannot be written. Mend its permissions, or clone into a folder of your own." >&2
    elif ! "$python" -c "import ensurepip" >/dev/null 2>&1; then
        echo "This Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2
    else
        tail -n 3 "$folder.log" >&2
        echo "The environment $folder could not be made with $python." >&2
    fi
    rm -rf "$folder" "$folder.log"
    exit 1
fi
rm -f "$folder.log"
