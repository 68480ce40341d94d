"""Whether the numbers can be trusted: what is amiss in the data, what changed in the CRM, what looks played.

    records, facts -> findings | two worlds -> drifts -> frozen KPIs | theirs beside ours -> differences

Pure: everything is handed in, nothing is asked for. `pipeline.health` and its neighbours do the reading.
"""
