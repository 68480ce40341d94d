"""`kpi run --fleet`: hundreds of accounts, any number of processes and machines, one PostgreSQL.

    look what is due | put it in the queue | a worker takes it | the turn, under the account's lease | note how it ended

`rota` decides (pure), `queue` and `schema` know Procrastinate's tables, `dispatch` looks every second in each process
and rescues what dead workers left, `turns` is what a worker does with a job, `running` holds a process together.
The queue only says whose turn it is. The right to work comes from the lease, as everywhere: two workers that are given
the same account by whatever accident exclude each other, and one that wakes too late cannot commit.
"""
