"""`python -m baocao` is the same as the command `baocao`."""

from baocao.app import main

if __name__ == "__main__":  # a worker process imports this module too
    main()
