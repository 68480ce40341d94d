"""How many wrong definitions the tests catch: `python -m tests.mutants`; `make mutants`.

Every file of connector/kpi and connector/derive that decides something is changed in one place at a time, and the tests
that stand for it are run. A mutant that no test fails on has survived, and is listed.
"""
