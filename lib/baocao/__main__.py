"""`python -m baocao` is the same as the command `baocao`."""

from baocao.cli import main

main()
