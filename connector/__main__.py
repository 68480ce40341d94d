"""`python -m connector` is `kpi`."""

from connector.cli import main

if __name__ == "__main__":
    main()
